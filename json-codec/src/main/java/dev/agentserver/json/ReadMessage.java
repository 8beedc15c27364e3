package dev.agentserver.json;

import java.util.Set;

/// What a JSON text says.
///
/// @param wire the message
/// @param named the paths of the fields it names, in proto names, down to scalars, lists, maps and
/// well-known types
/// @param nulls those of them that it names with null
public record ReadMessage(byte[] wire, Set<String> named, Set<String> nulls) {}
