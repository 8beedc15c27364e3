package dev.agentserver.conversation.member;

import dev.agentserver.conversation.access.MemberRole;
import java.time.Instant;
import java.util.UUID;

/// A user's place in a conversation, as the other members see it.
public record Member(UUID conversationId, UUID userId, MemberRole role, Instant joinedAt) {}
