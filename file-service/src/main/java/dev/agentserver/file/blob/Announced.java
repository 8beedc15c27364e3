package dev.agentserver.file.blob;

/// An object that is to come, of the size of its blob.
///
/// @param sha256 what its bytes must have; empty: whatever they have
public record Announced(Blob blob, String sha256) {}
