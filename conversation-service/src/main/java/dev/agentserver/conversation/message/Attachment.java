package dev.agentserver.conversation.message;

import java.util.UUID;

/// A file that goes with a message.
public record Attachment(UUID fileId, String name, String mediaType, long sizeBytes) {}
