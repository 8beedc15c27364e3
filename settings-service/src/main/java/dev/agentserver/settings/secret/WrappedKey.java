package dev.agentserver.settings.secret;

/// A data key, encrypted under a version of a master key.
///
/// @param keyId names the master key
public record WrappedKey(String keyId, int version, byte[] bytes) {}
