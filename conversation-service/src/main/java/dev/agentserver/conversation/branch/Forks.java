package dev.agentserver.conversation.branch;

import dev.agentserver.conversation.branch.ForkStore.Copied;
import dev.agentserver.conversation.conversation.Conversation;
import dev.agentserver.conversation.conversation.Conversation.Attributes;
import dev.agentserver.conversation.conversation.Conversations;
import dev.agentserver.conversation.conversation.NewConversation;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.link.FileLinks;
import dev.agentserver.conversation.message.State;
import dev.agentserver.conversation.tree.Spot;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Makes conversations from paths of others.
public final class Forks {
  /// The most messages that are copied in one transaction.
  static final int MOST = 10_000;

  private final Writes writes;
  private final Conversations conversations;
  private final Feed feed;
  private final Ids ids;
  private final FileLinks files;
  private final ForkStore store = new ForkStore();

  public Forks(Writes writes, Conversations conversations, Feed feed, Ids ids, FileLinks files) {
    this.writes = writes;
    this.conversations = conversations;
    this.feed = feed;
    this.ids = ids;
    this.files = files;
  }

  /// @param messageId the last message to copy; null: the newest of the caller's active branch
  Conversation fork(
      Caller caller, Attempt<Conversation> attempt, UUID conversationId, @Nullable UUID messageId) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var from = conversations.find(db, caller, conversationId);
          var source = new StreamKey(caller.tenantId(), conversationId);
          var last =
              messageId == null
                  ? store.leaf(db, caller, source)
                  : store
                      .spot(db, source, messageId)
                      .orElseThrow(
                          () -> new Problem.NotFound("message", messageId.toString()).raise());
          if (last.depth() >= MOST) {
            throw new Problem.Refused(
                    "PATH_TOO_LONG",
                    "the path is too long to be copied",
                    Map.of("limit", Integer.toString(MOST)))
                .raise();
          }
          var target = new StreamKey(caller.tenantId(), conversations.add(db, caller, like(from)));
          copy(db, source, last, target);
          return conversations.find(db, caller, target.id());
        });
  }

  /// What the copy has of the conversation itself: an external id names only one.
  private static NewConversation like(Conversation from) {
    var attributes = from.attributes();
    return new NewConversation(
        null,
        new Attributes(
            attributes.title(),
            attributes.model(),
            attributes.agentId(),
            null,
            attributes.metadata()),
        from.temporary(),
        List.of(),
        NewConversation.Origin.HERE);
  }

  private void copy(DSLContext db, StreamKey source, Spot last, StreamKey target) {
    var count = last.depth() + 1;
    var copyIds = Stream.generate(ids::next).limit(count).toList();
    var copied = count == 0 ? List.<Copied>of() : store.copy(db, source, last, target, copyIds);
    copied.stream()
        .filter(one -> one.state() == State.STREAMING)
        .findFirst()
        .ifPresent(
            one -> {
              throw new Problem.Refused(
                      "MESSAGE_STREAMING",
                      "a message is still being written",
                      Map.of("id", one.messageId().toString()))
                  .raise();
            });
    store.finish(db, source, target, copied);
    store
        .named(db, target)
        .forEach(
            (message, those) -> files.attached(db, target.tenantId(), target.id(), message, those));
    if (count > 0) {
      feed.written(db, target.tenantId(), target.id(), count);
    }
  }
}
