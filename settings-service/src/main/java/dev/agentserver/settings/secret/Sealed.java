package dev.agentserver.settings.secret;

/// A secret as it is kept: encrypted under a data key, which is encrypted under a master key.
public record Sealed(WrappedKey key, byte[] ciphertext) {}
