package dev.agentserver.conversation.event;

import java.time.Instant;

/// An event at its place in the sequence.
public record StoredEvent(long seq, Instant at, EventRow row) {}
