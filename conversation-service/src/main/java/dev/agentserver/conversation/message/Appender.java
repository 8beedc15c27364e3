package dev.agentserver.conversation.message;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.event.NumberedEvent;
import dev.agentserver.conversation.link.RunLinks;
import dev.agentserver.conversation.message.AppendStore.Change;
import dev.agentserver.conversation.message.AppendStore.Reserved;
import dev.agentserver.conversation.message.Message.Place;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Appends messages to a conversation inside a transaction of the caller's. The conversation's row
/// lock orders appends, so the depths of a branch have no gaps, whoever writes at the same time.
public final class Appender {
  private static final String IMPORT = "conversation:import";

  private final AppendStore store;
  private final Ids ids;
  private final Feed feed;
  private final Entries entries;
  private final RunLinks runs;

  public Appender(Ids ids, Feed feed, Entries entries, RunLinks runs) {
    this.store = new AppendStore();
    this.feed = feed;
    this.entries = entries;
    this.ids = ids;
    this.runs = runs;
  }

  /// Fails where a draft names a run that is not there. It asks another service: before the
  /// transaction.
  ///
  /// @param conversationId null: one that is still to be made
  public void checkRuns(Caller caller, @Nullable UUID conversationId, List<NewMessage> drafts) {
    runs.check(caller, conversationId, drafts.stream().flatMap(NewMessage::link).toList());
  }

  /// Appends the drafts in order, all or none.
  ///
  /// @param expectedLeaf the newest message as the writer knows it; null: whatever it is
  public List<Message> append(
      DSLContext db,
      Caller caller,
      UUID conversationId,
      @Nullable UUID expectedLeaf,
      List<NewMessage> drafts) {
    check(caller, drafts);
    var messageIds =
        drafts.stream().map(draft -> draft.id() == null ? ids.next() : draft.id()).toList();
    var change = change(conversationId, expectedLeaf, drafts, messageIds.getLast());
    var reserved =
        store
            .reserve(db, caller, change)
            .orElseThrow(() -> Access.WRITE.refusal(db, caller, conversationId));
    if (reserved.leafDepth() == null) {
      throw leafMoved(db, caller, conversationId);
    }
    var messages = new ArrayList<Message>(drafts.size());
    for (var i = 0; i < drafts.size(); i++) {
      messages.add(
          place(
              caller,
              conversationId,
              reserved,
              drafts.size() - 1 - i,
              messageIds.get(i),
              drafts.get(i)));
    }
    var created = messages.stream().map(Appender::created).toList();
    var conversation = new StreamKey(caller.tenantId(), conversationId);
    insert(
        db,
        caller,
        messages,
        NumberedEvent.numbered(conversation, reserved.lastSeq(), reserved.eventAt(), created));
    feed.written(db, caller.tenantId(), conversationId, reserved.lastSeq());
    entries.active(db, caller.tenantId(), conversationId, reserved.at(), reserved.listedActivity());
    return messages;
  }

  private static void check(Caller caller, List<NewMessage> drafts) {
    Content.checkSize(drafts);
    if (!caller.may(IMPORT) && drafts.stream().anyMatch(draft -> draft.createdAt() != null)) {
      throw new Problem.Denied(IMPORT).raise();
    }
  }

  private static Change change(
      UUID conversationId, @Nullable UUID expectedLeaf, List<NewMessage> drafts, UUID leaf) {
    var title =
        drafts.stream()
            .filter(draft -> draft.role() == Role.USER)
            .map(draft -> Content.title(Content.text(draft.parts())))
            .filter(words -> !words.isEmpty())
            .findFirst()
            .orElse("");
    var last = drafts.getLast();
    var preview =
        last.state() == State.STREAMING ? null : Content.preview(Content.text(last.parts()));
    return new Change(conversationId, drafts.size(), preview, title, leaf, expectedLeaf);
  }

  private static Message place(
      Caller caller,
      UUID conversationId,
      Reserved reserved,
      int fromEnd,
      UUID id,
      NewMessage draft) {
    // PostgreSQL keeps microseconds: the reply says what a later read will say.
    var at =
        draft.createdAt() == null
            ? reserved.at().toInstant()
            : draft.createdAt().truncatedTo(ChronoUnit.MICROS);
    return new Message(
        id,
        conversationId,
        new Place(
            AppendStore.FIRST_BRANCH, reserved.leafDepth() - fromEnd, reserved.lastSeq() - fromEnd),
        draft.role(),
        draft.state(),
        "",
        draft.parts(),
        reserved.lastSeq() - fromEnd,
        draft.attachments(),
        caller.principalId(),
        draft.origin(),
        draft.clientMessageId(),
        draft.externalId(),
        draft.metadata(),
        1,
        at,
        at);
  }

  /// The content stays in the message's row. Of one that is still to be written the event keeps
  /// what its end may change.
  private static EventRow created(Message message) {
    var data =
        message.state() == State.STREAMING
            ? MetadataJson.write(Map.of("model", message.origin().model()))
            : null;
    return EventRow.ofMessage(EventType.MESSAGE_CREATED, message.id(), data);
  }

  private void insert(
      DSLContext db, Caller caller, List<Message> messages, List<NumberedEvent> events) {
    try {
      store.insert(db, caller.tenantId(), messages, events);
    } catch (IntegrityConstraintViolationException e) {
      throw Constraints.violated(e)
          .map(constraint -> taken(constraint, messages))
          .<RuntimeException>map(Problem::raise)
          .orElse(e);
    }
  }

  /// What was taken. Where several messages were sent, the database does not say which of them; the
  /// first id stands for them.
  private static @Nullable Problem taken(String constraint, List<Message> messages) {
    var first = messages.getFirst();
    return switch (constraint) {
      case "message_pk" -> new Problem.AlreadyExists("message", first.id().toString());
      case "message_client_message_id_unique" ->
          new Problem.AlreadyExists("message", "client_message_id " + first.clientMessageId());
      case "message_external_id_unique" ->
          new Problem.AlreadyExists("message", "external_id " + first.externalId());
      default -> null;
    };
  }

  private RuntimeException leafMoved(DSLContext db, Caller caller, UUID conversationId) {
    var leaf = store.leaf(db, caller.tenantId(), conversationId).map(UUID::toString).orElse("");
    return new Problem.Refused(
            "LEAF_MOVED", "another message is the newest one", Map.of("leaf_id", leaf))
        .raise();
  }
}
