package dev.agentserver.agentrun.event.watch;

import java.util.UUID;

/// What somebody wants to follow.
sealed interface Target {
  UUID id();

  /// Its name in errors.
  String resource();

  /// One run.
  record OfRun(UUID id) implements Target {
    @Override
    public String resource() {
      return "run";
    }
  }

  /// A session with its runs.
  record OfSession(UUID id) implements Target {
    @Override
    public String resource() {
      return "session";
    }
  }

  /// The runs of a conversation that belong to no session.
  record OfConversation(UUID id) implements Target {
    @Override
    public String resource() {
      return "conversation";
    }
  }
}
