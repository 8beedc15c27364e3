package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.watch.Change;
import dev.agentserver.conversation.watch.Event;
import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.eventlog.EventLog;
import dev.agentserver.kit.eventlog.Next;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.eventlog.Watch;
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
/// over, on whichever server that happens.
final class Sessions {
  private final MessageStreams streams;
  private final EventLog<Event> log;
  private final Revocations revocations;
  private final Duration beat;

  /// @param revocations asked at each beat whether the writer's token still counts
  /// @param beat how often a writer that sends nothing counts as heard of
  Sessions(MessageStreams streams, EventLog<Event> log, Revocations revocations, Duration beat) {
    this.streams = streams;
    this.log = log;
    this.revocations = revocations;
    this.beat = beat;
  }

  void run(Caller caller, Supplier<Optional<Session.Step>> steps, Consumer<Session.News> news) {
    var session = new Session(streams, caller, steps, news);
    var opened = session.open();
    var message = opened.message();
    var key = new StreamKey(caller.tenantId(), message.conversationId());
    // Closing the watch ends its follower; an interrupt could cost it a database connection.
    try (var watch = log.watch(key, opened.progress().seq())) {
      Thread.ofVirtual()
          .name("follower of " + message.id())
          .start(() -> follow(watch, caller, opened, session));
      session.run(opened);
    }
  }

  private void follow(Watch<Event> watch, Caller caller, Opened opened, Session session) {
    try {
      while (true) {
        var next = watch.next(beat);
        if (revocations.refuse(caller)) {
          throw new Problem.Unauthenticated("UNAUTHENTICATED", "the token was revoked").raise();
        }
        if (next instanceof Next.Behind<Event>(var head)) {
          watch.continueAfter(head.seq());
        }
        if (concerns(opened.message().id(), next)) {
          // Without deltas: the writer lives, and learns what has become of its message.
          var progress = streams.append(caller, opened.message().id(), opened.epoch(), List.of());
          if (progress.stopped() || !(next instanceof Next.Idle<Event>)) {
            session.found(progress);
          }
        }
      }
    } catch (Cancelled closed) {
      // The session is over.
    } catch (RuntimeException failure) {
      session.fail(failure);
    }
  }

  private static boolean concerns(UUID messageId, Next<Event> next) {
    return switch (next) {
      case Next.Events<Event>(var events) ->
          events.stream().anyMatch(event -> concerns(messageId, event.change()));
      case Next.Behind<Event> _, Next.Idle<Event> _, Next.Gone<Event> _ -> true;
    };
  }

  private static boolean concerns(UUID messageId, Change change) {
    return switch (change) {
      case Change.MessageEnded ended -> ended.messageId().equals(messageId);
      case Change.MessageUpdated updated -> updated.messageId().equals(messageId);
      case Change.ConversationDeleted _ -> true;
      case Change.MessageCreated _,
          Change.PartStarted _,
          Change.PartDelta _,
          Change.PartDone _,
          Change.ConversationUpdated _ ->
          false;
    };
  }
}
