package dev.agentserver.file.object;

/// A part that the store has.
///
/// @param etag the store's mark for its content, which completing the upload asks for
public record UploadedPart(int number, String etag, long length) {}
