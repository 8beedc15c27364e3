package dev.agentserver.conversation.watch;

import java.time.Instant;

/// Something that happened in a conversation, with all that there is to say of it.
public record Event(long seq, Instant at, Change change) {}
