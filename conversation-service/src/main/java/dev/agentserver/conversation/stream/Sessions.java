package dev.agentserver.conversation.stream;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.eventlog.Bells;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.eventlog.Subscription;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Runs writers' streams, and tells a writer at once when somebody stops its message or takes it
/// over, on whichever server that happens; at the next beat where the bell was missed.
public final class Sessions {
  private final MessageStreams streams;
  private final Bells bells;
  private final Revocations revocations;
  private final Duration beat;

  /// @param revocations asked at each beat whether the writer's token still counts
  /// @param beat how often a writer that sends nothing counts as heard of
  Sessions(MessageStreams streams, Bells bells, Revocations revocations, Duration beat) {
    this.streams = streams;
    this.bells = bells;
    this.revocations = revocations;
    this.beat = beat;
  }

  /// The bell of what writers of a conversation's messages hear. It is not the conversation's own,
  /// which rings for every piece: a thousand writers would each be woken by themselves.
  public static StreamKey news(UUID tenantId, UUID conversationId) {
    return new StreamKey(
        tenantId,
        new UUID(
            ~conversationId.getMostSignificantBits(), conversationId.getLeastSignificantBits()));
  }

  void run(Caller caller, Supplier<Optional<Session.Step>> steps, Consumer<Session.News> news) {
    var session = new Session(streams, caller, steps, news);
    var opened = session.open();
    var message = opened.message();
    try (var bell = bells.subscribe(news(caller.tenantId(), message.conversationId()))) {
      var follower =
          Thread.ofVirtual()
              .name("follower of " + message.id())
              .start(() -> follow(bell, caller, opened, session));
      try {
        session.run(opened);
      } finally {
        follower.interrupt();
      }
    }
  }

  /// It touches no database connection itself, so an interrupt costs none.
  private void follow(Subscription bell, Caller caller, Opened opened, Session session) {
    try {
      while (true) {
        var rang = bell.await(beat);
        if (revocations.refuse(caller)) {
          throw new Problem.Unauthenticated("UNAUTHENTICATED", "the token was revoked").raise();
        }
        // Without deltas: the writer lives, and learns what has become of its message.
        var progress = streams.append(caller, opened.message().id(), opened.epoch(), List.of());
        if (progress.stopped() || rang) {
          session.found(progress);
        }
      }
    } catch (Cancelled over) {
      // The session is.
      Thread.currentThread().interrupt();
    } catch (RuntimeException failure) {
      session.fail(failure);
    }
  }
}
