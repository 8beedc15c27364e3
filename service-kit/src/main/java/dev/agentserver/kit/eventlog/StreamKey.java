package dev.agentserver.kit.eventlog;

import java.util.UUID;

/// Names one stream, for example the events of one conversation.
public record StreamKey(UUID tenantId, UUID id) {}
