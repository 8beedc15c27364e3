package dev.agentserver.conversation.context;

import dev.agentserver.conversation.context.Window.Fitting;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.Messages;
import dev.agentserver.conversation.message.Messages.Cursor;
import dev.agentserver.conversation.message.Messages.Page;
import dev.agentserver.conversation.message.Role;
import dev.agentserver.conversation.message.State;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Chooses what a model gets to see: a path is read from its end backwards until no more fits, so
/// it costs the same however long the path is.
public final class Contexts {
  private static final int PAGE = 50;

  /// The most system messages that are kept of a path's beginning.
  private static final int SYSTEM = 8;

  private final Messages messages;
  private final Checkpoints checkpoints;

  public Contexts(Messages messages, Checkpoints checkpoints) {
    this.messages = messages;
    this.checkpoints = checkpoints;
  }

  /// @param parentId the message that will be answered; null: the newest one of the caller's branch
  Context build(Caller caller, UUID conversationId, @Nullable UUID parentId, Budget budget) {
    var end = parentId == null ? Cursor.NEWEST : end(caller, conversationId, parentId);
    var newest = messages.list(caller, conversationId, end, Math.min(PAGE, budget.messages()));
    if (newest.messages().isEmpty()) {
      return new Context(List.of(), null, Tokens.NONE, 0, 0);
    }
    var system = system(caller, conversationId, newest);
    var tokens = system.stream().map(Tokens::of).reduce(Tokens.NONE, Tokens::plus);
    var room = budget.without(tokens);
    var window = window(caller, conversationId, newest, system.size(), room);
    var leaf = newest.messages().getFirst();
    if (room.tokens() < 0 || (window.size() > 0 && window.fitting(room).isEmpty())) {
      throw tooSmall(leaf);
    }
    var choice = choice(caller, leaf, window, system.size(), room);
    var kept = Stream.concat(system.stream(), choice.fitting().messages().stream());
    return new Context(
        kept.filter(Contexts::isUsable).toList(),
        choice.summary(),
        choice.tokens().plus(tokens),
        choice.omitted(),
        choice.uncovered());
  }

  /// A window, and the summary beside it.
  ///
  /// @param begin the depth after the system messages that are kept
  private record Choice(Fitting fitting, @Nullable Checkpoint summary, int begin) {
    Tokens tokens() {
      return summary == null ? fitting.tokens() : fitting.tokens().plus(Tokens.of(summary));
    }

    int omitted() {
      return fitting.all() ? 0 : fitting.depth() - begin;
    }

    int uncovered() {
      return summary == null
          ? omitted()
          : Math.clamp((long) fitting.depth() - 1 - summary.depth(), 0, omitted());
    }
  }

  /// Takes a summary where messages are left out: the one that tells of least beyond them, else the
  /// one that tells of most.
  private Choice choice(Caller caller, Message leaf, Window window, int begin, Budget room) {
    var best = new Choice(window.fitting(room), null, begin);
    if (best.omitted() == 0) {
      return best;
    }
    for (var summary : checkpoints.onPath(caller, leaf, begin)) {
      var rest = window.fitting(room.without(Tokens.of(summary)));
      var choice = new Choice(rest, summary, begin);
      if (!rest.isEmpty() && choice.uncovered() < best.uncovered()) {
        best = choice;
      }
      if (best.uncovered() == 0) {
        return best;
      }
    }
    return best;
  }

  private Cursor end(Caller caller, UUID conversationId, UUID parentId) {
    var parent = messages.get(caller, parentId);
    if (!parent.conversationId().equals(conversationId)) {
      throw new Problem.NotFound("message", parentId.toString()).raise();
    }
    return new Cursor(parent.place().branchNo(), parent.place().depth(), true);
  }

  /// The system messages that the path begins with.
  private List<Message> system(Caller caller, UUID conversationId, Page newest) {
    var next = newest.next();
    var first =
        next == null
            ? newest.messages().reversed()
            : messages
                .list(caller, conversationId, new Cursor(next.branchNo(), 0, false), SYSTEM)
                .messages();
    return first.stream()
        .limit(SYSTEM)
        .takeWhile(message -> message.role() == Role.SYSTEM)
        .toList();
  }

  /// Reads backwards until no more fits, or up to the system messages.
  private Window window(Caller caller, UUID conversationId, Page newest, int begin, Budget room) {
    var window = new Window();
    for (var page = newest; ; page = messages.list(caller, conversationId, page.next(), PAGE)) {
      for (var message : page.messages()) {
        var isBeginning = message.place().depth() <= begin;
        if (isUsable(message) && message.place().depth() >= begin) {
          window.add(message);
        }
        if (isBeginning) {
          window.complete();
          return window;
        }
        if (window.exceeds(room)) {
          return window;
        }
      }
      if (page.next() == null) {
        window.complete();
        return window;
      }
    }
  }

  private static boolean isUsable(Message message) {
    return message.state() != State.STREAMING
        && !(message.parts().isEmpty() && message.attachments().isEmpty());
  }

  private static RuntimeException tooSmall(Message leaf) {
    return new Problem.Refused(
            "CONTEXT_TOO_SMALL",
            "not even the newest message fits",
            Map.of("id", leaf.id().toString()))
        .raise();
  }
}
