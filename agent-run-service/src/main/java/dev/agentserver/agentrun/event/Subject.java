package dev.agentserver.agentrun.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a stream is of.
public record Subject(Kind kind, UUID id) {
  /// As the `subject` column says it.
  public enum Kind {
    SESSION,
    CONVERSATION,
    RUN
  }

  /// A session.
  public static Subject session(UUID id) {
    return new Subject(Kind.SESSION, id);
  }

  /// Where the events of a run go: to its session, else to its conversation, else to itself.
  public static Subject ofRun(UUID runId, @Nullable UUID sessionId, @Nullable UUID conversationId) {
    if (sessionId != null) {
      return session(sessionId);
    }
    return conversationId == null
        ? new Subject(Kind.RUN, runId)
        : new Subject(Kind.CONVERSATION, conversationId);
  }
}
