package dev.agentserver.settings.registry;

/// What a tenant has, as it was after one of its changes.
///
/// @param change 0: there was none
record Held<T>(long change, T value) {}
