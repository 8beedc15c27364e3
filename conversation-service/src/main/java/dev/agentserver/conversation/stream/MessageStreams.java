package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.link.FileLinks;
import dev.agentserver.conversation.message.Appender;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.Messages;
import dev.agentserver.conversation.message.NewMessage;
import dev.agentserver.conversation.message.Role;
import dev.agentserver.kit.eventlog.GroupCommit;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Messages that are written piece by piece: begin, append, and the ways to end. A message has one
/// writer at a time, named by an epoch; what another one sends is refused.
public final class MessageStreams {
  private final Writes writes;
  private final Appender appender;
  private final Messages messages;
  private final FileLinks files;
  private final GroupCommit<StreamKey, Append, Progress> commits;
  private final Endings endings;
  private final TakeOvers takeOvers;

  MessageStreams(
      Writes writes,
      Appender appender,
      Messages messages,
      FileLinks files,
      GroupCommit<StreamKey, Append, Progress> commits,
      Endings endings,
      TakeOvers takeOvers) {
    this.writes = writes;
    this.appender = appender;
    this.messages = messages;
    this.files = files;
    this.commits = commits;
    this.endings = endings;
    this.takeOvers = takeOvers;
  }

  /// Adds a message without parts, with the caller as its writer.
  ///
  /// @param draft in state STREAMING
  Opened begin(
      Caller caller,
      Attempt<Opened> attempt,
      UUID conversationId,
      @Nullable UUID expectedLeaf,
      NewMessage draft) {
    var checked = appender.checked(caller, conversationId, List.of(draft));
    return writes.once(
        caller,
        attempt,
        db -> {
          var message =
              appender.append(db, caller, conversationId, expectedLeaf, checked).getFirst();
          return takeOvers.open(db, caller.tenantId(), message);
        });
  }

  /// Adds another answer beside one, with the caller as its writer.
  Opened regenerate(Caller caller, Attempt<Opened> attempt, UUID messageId, NewMessage draft) {
    var answer = messages.get(caller, messageId);
    if (answer.role() != Role.ASSISTANT) {
      throw Problem.invalid("message_id", "must be an answer");
    }
    return begin(caller, attempt, answer.conversationId(), null, draft.beside(answer));
  }

  /// Returns once the pieces are durable. Without any it tells that the writer is alive.
  Progress append(Caller caller, UUID messageId, long epoch, List<Delta> deltas) {
    var append = new Append(caller, messageId, epoch, checked(deltas));
    return commits.submit(append.key(), append);
  }

  /// The same without waiting.
  CompletableFuture<Progress> appendLater(
      Caller caller, UUID messageId, long epoch, List<Delta> deltas) {
    var append = new Append(caller, messageId, epoch, checked(deltas));
    return commits.submitAsync(append.key(), append);
  }

  /// The same, saying of their files what is known of them.
  private List<Delta> checked(List<Delta> deltas) {
    var found = files.check(deltas.stream().flatMap(Delta::file).toList());
    return found.isEmpty() ? deltas : deltas.stream().map(delta -> delta.saying(found)).toList();
  }

  /// The message as its writer goes on with it.
  Opened resume(Caller caller, UUID messageId, long epoch) {
    var progress = append(caller, messageId, epoch, List.of());
    return new Opened(messages.get(caller, messageId), epoch, progress);
  }

  /// Ends a message by its writer, well or not.
  Message end(Caller caller, UUID messageId, long epoch, Ending ending) {
    return withPending(
        caller, messageId, pending -> endings.byWriter(caller, messageId, epoch, ending, pending));
  }

  /// Ends it by anybody who may write to the conversation.
  Message stop(Caller caller, UUID messageId) {
    return withPending(caller, messageId, pending -> endings.stop(caller, messageId, pending));
  }

  /// Makes the caller its writer.
  Opened takeOver(Caller caller, Attempt<Opened> attempt, UUID messageId) {
    return withPending(
        caller, messageId, pending -> takeOvers.takeOver(caller, attempt, messageId, pending));
  }

  /// Runs a transaction that takes along what its message still waits to have written.
  private <T> T withPending(Caller caller, UUID messageId, Function<Pending, T> work) {
    try (var withdrawn = commits.withdraw(new StreamKey(caller.tenantId(), messageId))) {
      var pending = new Pending(withdrawn.items());
      var result = work.apply(pending);
      if (!pending.appends().isEmpty() && !pending.outcomes().isEmpty()) {
        withdrawn.settle(pending.outcomes());
      }
      return result;
    }
  }
}
