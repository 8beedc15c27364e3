package dev.agentserver.conversation.entry;

import java.util.UUID;

/// Names a conversation, whichever tenant's.
public record ConversationKey(UUID tenantId, UUID conversationId) {}
