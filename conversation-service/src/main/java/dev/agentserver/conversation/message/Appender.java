package dev.agentserver.conversation.message;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.event.NumberedEvent;
import dev.agentserver.conversation.link.FileLinks;
import dev.agentserver.conversation.link.RunLinks;
import dev.agentserver.conversation.message.AppendStore.Change;
import dev.agentserver.conversation.message.AppendStore.Reserved;
import dev.agentserver.conversation.message.Message.Place;
import dev.agentserver.conversation.tree.Anchor;
import dev.agentserver.conversation.tree.Spot;
import dev.agentserver.conversation.tree.Tree;
import dev.agentserver.conversation.tree.Tree.Added;
import dev.agentserver.conversation.tree.TreeStore;
import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Appends messages to a conversation inside a transaction of the caller's. The conversation's row
/// lock orders appends, so the depths of a branch have no gaps, whoever writes at the same time.
///
/// What goes on with a branch is one statement to reserve and one to write, however long the branch
/// is; the branches around are read only where one may have to be opened.
public final class Appender {
  /// Who may say when something was said, and by whom.
  public static final String IMPORT = "conversation:import";

  private final AppendStore store;
  private final Ids ids;
  private final Feed feed;
  private final Entries entries;
  private final RunLinks runs;
  private final FileLinks files;
  private final Screening screening;
  private final TreeStore trees = new TreeStore();

  public Appender(
      Ids ids, Feed feed, Entries entries, RunLinks runs, FileLinks files, Screening screening) {
    this.store = new AppendStore();
    this.feed = feed;
    this.entries = entries;
    this.ids = ids;
    this.runs = runs;
    this.files = files;
    this.screening = screening;
  }

  /// The drafts, saying of their files what is known of them. Fails where one names a run or a file
  /// that is not there. It asks other services: before the transaction.
  ///
  /// @param conversationId null: one that is still to be made
  public List<NewMessage> checked(
      Caller caller, @Nullable UUID conversationId, List<NewMessage> drafts) {
    runs.check(caller, conversationId, drafts.stream().flatMap(NewMessage::link).toList());
    var found = files.check(drafts.stream().flatMap(NewMessage::files).toList());
    return found.isEmpty() ? drafts : drafts.stream().map(draft -> draft.saying(found)).toList();
  }

  /// Appends the drafts in order, all or none, as the content rules let them be.
  ///
  /// @param expectedLeaf the newest message of the first one's branch as the writer knows it; null:
  /// whatever it is
  public List<Message> append(
      DSLContext db,
      Caller caller,
      UUID conversationId,
      @Nullable UUID expectedLeaf,
      List<NewMessage> sent) {
    check(caller, sent);
    var drafts = screening.screen(sent);
    var ids =
        drafts.stream().map(draft -> draft.id() == null ? this.ids.next() : draft.id()).toList();
    var conversation = new StreamKey(caller.tenantId(), conversationId);
    var reserved =
        store
            .reserve(db, caller, change(conversationId, expectedLeaf, drafts, ids))
            .orElseThrow(() -> Access.WRITE.refusal(db, caller, conversationId));
    var lastSeq = reserved.lastSeq();
    var places = line(reserved.leaf(), drafts.size());
    if (reserved.leaf() == null) {
      var tree = tree(db, conversation, reserved, expectedLeaf, drafts);
      places =
          IntStream.range(0, drafts.size())
              .mapToObj(i -> tree.add(drafts.get(i).anchor(), ids.get(i)))
              .toList();
      trees.write(db, conversation, tree);
      if (tree.opened() > 0) {
        lastSeq = store.open(db, conversation, tree);
        entries.goTo(
            db, caller.tenantId(), conversationId, caller.principalId(), tree.lastBranchNo());
      }
    }
    var messages = messages(caller, conversationId, reserved.at(), lastSeq, drafts, ids, places);
    var happened = happened(messages, places);
    insert(
        db,
        caller,
        messages,
        NumberedEvent.numbered(conversation, lastSeq, reserved.eventAt(), happened));
    messages.forEach(message -> attach(db, caller.tenantId(), message));
    feed.written(db, caller.tenantId(), conversationId, lastSeq);
    entries.active(db, caller.tenantId(), conversationId, reserved.at(), reserved.listedAt());
    return messages;
  }

  /// The places of messages that go on with a branch, the last of them at `leaf`.
  private static List<Added> line(@Nullable Spot leaf, int count) {
    return leaf == null
        ? List.of()
        : IntStream.range(0, count)
            .mapToObj(i -> new Spot(leaf.branchNo(), leaf.depth() - (count - 1 - i)))
            .map(spot -> new Added(spot, null))
            .toList();
  }

  private Tree tree(
      DSLContext db,
      StreamKey conversation,
      Reserved reserved,
      @Nullable UUID expectedLeaf,
      List<NewMessage> drafts) {
    var named = drafts.stream().flatMap(draft -> draft.anchor().messageId().stream()).toList();
    var tree = trees.around(db, conversation, reserved.branches(), named);
    if (expectedLeaf != null) {
      var leaf = tree.parentBranch(drafts.getFirst().anchor()).leafMessageId();
      if (!expectedLeaf.equals(leaf)) {
        throw leafMoved(leaf);
      }
    }
    return tree;
  }

  private void attach(DSLContext db, UUID tenantId, Message message) {
    files.attached(db, tenantId, message.conversationId(), message.id(), message.files());
  }

  private static void check(Caller caller, List<NewMessage> drafts) {
    Content.checkSize(drafts);
    if (!caller.may(IMPORT) && drafts.stream().anyMatch(NewMessage::imported)) {
      throw new Problem.Denied(IMPORT).raise();
    }
  }

  private static Change change(
      UUID conversationId, @Nullable UUID expectedLeaf, List<NewMessage> drafts, List<UUID> ids) {
    var title =
        drafts.stream()
            .filter(draft -> draft.role() == Role.USER)
            .map(draft -> Content.title(Content.text(draft.parts())))
            .filter(words -> !words.isEmpty())
            .findFirst()
            .orElse("");
    // What says nothing in words, as a call of a tool, leaves what lists show as it is.
    var preview =
        drafts.reversed().stream()
            .map(draft -> Content.preview(Content.text(draft.parts())))
            .filter(words -> !words.isEmpty())
            .findFirst()
            .orElse(null);
    return new Change(
        conversationId,
        drafts.size(),
        preview,
        title,
        ids.getLast(),
        saidAt(drafts),
        isLine(drafts, ids),
        drafts.getFirst().anchor() instanceof Anchor.Below(var parentId) ? parentId : null,
        expectedLeaf);
  }

  /// When the newest of them was said, where all of them say so; null: now.
  private static @Nullable Instant saidAt(List<NewMessage> drafts) {
    var times =
        drafts.stream().map(NewMessage::createdAt).filter(Objects::nonNull).sorted().toList();
    return times.size() == drafts.size() ? times.getLast() : null;
  }

  /// Whether the first comes after a message and each of the others after the one before.
  private static boolean isLine(List<NewMessage> drafts, List<UUID> ids) {
    return IntStream.range(0, drafts.size())
        .allMatch(
            i ->
                switch (drafts.get(i).anchor()) {
                  case Anchor.Leaf() -> true;
                  case Anchor.Below(var parentId) -> i == 0 || parentId.equals(ids.get(i - 1));
                  case Anchor.Beside _, Anchor.Root _ -> false;
                });
  }

  private static List<Message> messages(
      Caller caller,
      UUID conversationId,
      OffsetDateTime now,
      long lastSeq,
      List<NewMessage> drafts,
      List<UUID> ids,
      List<Added> places) {
    var messages = new ArrayList<Message>(drafts.size());
    var seq = lastSeq - places.stream().mapToInt(Appender::events).sum();
    for (var i = 0; i < drafts.size(); i++) {
      seq += events(places.get(i));
      var spot = places.get(i).spot();
      var place = new Place(spot.branchNo(), spot.depth(), seq);
      messages.add(message(caller, conversationId, now, place, ids.get(i), drafts.get(i)));
    }
    return messages;
  }

  private static int events(Added added) {
    return added.opened() == null ? 1 : 2;
  }

  private static Message message(
      Caller caller,
      UUID conversationId,
      OffsetDateTime now,
      Place place,
      UUID id,
      NewMessage draft) {
    // PostgreSQL keeps microseconds: the reply says what a later read will say.
    var at =
        draft.createdAt() == null
            ? now.toInstant()
            : draft.createdAt().truncatedTo(ChronoUnit.MICROS);
    return new Message(
        id,
        conversationId,
        place,
        draft.role(),
        draft.state(),
        "",
        draft.parts(),
        place.seq(),
        draft.attachments(),
        draft.author() == null ? caller.principalId() : draft.author(),
        draft.origin(),
        draft.clientMessageId(),
        draft.externalId(),
        draft.metadata(),
        1,
        at,
        at);
  }

  /// A branch that is opened is told of before the message it begins with.
  private static List<EventRow> happened(List<Message> messages, List<Added> places) {
    var events = new ArrayList<EventRow>();
    for (var i = 0; i < messages.size(); i++) {
      var branch = places.get(i).opened();
      if (branch != null) {
        var data =
            Map.of(
                "branch_no", Integer.toString(branch.branchNo()),
                "parent_branch_no", Integer.toString(branch.parentBranchNo()),
                "fork_depth", Integer.toString(branch.forkDepth()));
        events.add(EventRow.ofConversation(EventType.BRANCH_CREATED, MetadataJson.write(data)));
      }
      events.add(created(messages.get(i)));
    }
    return events;
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

  private static RuntimeException leafMoved(@Nullable UUID leaf) {
    return new Problem.Refused(
            "LEAF_MOVED",
            "another message is the newest one",
            Map.of("leaf_id", leaf == null ? "" : leaf.toString()))
        .raise();
  }
}
