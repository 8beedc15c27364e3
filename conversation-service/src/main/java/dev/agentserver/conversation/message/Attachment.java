package dev.agentserver.conversation.message;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A file that goes with a message.
///
/// @param deletedAt when the file went; null: it is there
public record Attachment(
    UUID fileId, String name, String mediaType, long sizeBytes, @Nullable Instant deletedAt) {}
