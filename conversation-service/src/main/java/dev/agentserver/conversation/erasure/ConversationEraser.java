package dev.agentserver.conversation.erasure;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_EVENT;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER_GONE;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_FEEDBACK;
import static dev.agentserver.conversation.db.Tables.MESSAGE_SEARCH;
import static dev.agentserver.conversation.db.Tables.SHARE_LINK;
import static dev.agentserver.conversation.db.Tables.TAG;
import static dev.agentserver.kit.db.tables.Tables.IDEMPOTENCY_KEY;

import dev.agentserver.conversation.entry.ConversationKey;
import dev.agentserver.conversation.entry.Entries;
import dev.agentserver.conversation.event.EventRow;
import dev.agentserver.conversation.event.EventType;
import dev.agentserver.conversation.event.Feed;
import dev.agentserver.conversation.hold.LegalHoldStore;
import dev.agentserver.conversation.index.IndexStore;
import dev.agentserver.kit.erasure.Erased;
import dev.agentserver.kit.erasure.Eraser;
import dev.agentserver.kit.erasure.RowStore;
import dev.agentserver.kit.erasure.Sequence;
import dev.agentserver.kit.erasure.Tally;
import dev.agentserver.kit.outbox.Outbox;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Erases users and tenants from conversations.
///
/// A conversation of an erased user goes to the editor who has been a member longest; without one,
/// or when it was deleted, it is removed. Where others own the conversation the user's messages
/// stay, as part of what the others said, and nobody is their author. A tenant goes as a whole.
/// What is held is hidden and stays until it is released.
public final class ConversationEraser implements Eraser {
  private static final int PAGE = 1_000;

  private final Outbox outbox;
  private final Feed feed;
  private final Entries entries;
  private final RowStore rows;
  private final RemovalStore store = new RemovalStore();
  private final AuthorStore authors = new AuthorStore();
  private final LegalHoldStore holds = new LegalHoldStore();
  private final IndexStore index = new IndexStore();

  public ConversationEraser(Outbox outbox, Feed feed, Entries entries, RowStore rows) {
    this.outbox = outbox;
    this.feed = feed;
    this.entries = entries;
    this.rows = rows;
  }

  @Override
  public Step begin(Erased whom) {
    var tenant = whom.tenantId();
    var user = whom.userId();
    return user == null ? tenant(tenant) : user(tenant, user);
  }

  private Step tenant(UUID tenant) {
    return Sequence.of(
        // Hidden first: nobody reads what is half gone.
        (db, tally) -> store.hide(db, tenant, PAGE) > 0,
        (db, tally) ->
            holds.any(db, tenant)
                ? removeOther(db, tenant, tally)
                : rows.removeTenant(db, tenant, PAGE, tally));
  }

  private Step user(UUID tenant, UUID user) {
    return Sequence.of(
        new IdWalk(
            (db, after) -> authors.conversationPage(db, tenant, after, PAGE),
            (db, after, until, tally) -> leaveOne(db, tenant, user, after, until, tally)),
        (db, tally) ->
            tally.removed(CONVERSATION_MEMBER, authors.leave(db, tenant, user, PAGE)) > 0,
        (db, tally) -> rows.removeUser(db, TAG, tenant, user, PAGE, tally),
        (db, tally) -> rows.removeUser(db, MESSAGE_FEEDBACK, tenant, user, PAGE, tally),
        (db, tally) -> rows.removeUser(db, SHARE_LINK, tenant, user, PAGE, tally),
        (db, tally) -> rows.removeUser(db, CONVERSATION_MEMBER_GONE, tenant, user, PAGE, tally),
        new IdWalk(
            (db, after) -> authors.messagePage(db, tenant, after, PAGE),
            (db, after, until, tally) -> {
              tally.changed(MESSAGE, authors.forgetAuthor(db, tenant, user, after, until));
              tally.changed(MESSAGE_SEARCH, index.handOn(db, tenant, user, after, until));
              return false;
            }),
        (db, tally) ->
            tally.changed(CONVERSATION_EVENT, authors.forgetNamed(db, tenant, user, PAGE)) > 0,
        (db, tally) -> rows.removeUser(db, IDEMPOTENCY_KEY, tenant, user, PAGE, tally));
  }

  /// Where something of a tenant is held, its conversations go one by one, and the rest stays until
  /// the last hold is released.
  private boolean removeOther(DSLContext db, UUID tenant, Tally tally) {
    var next = store.notHeld(db, tenant);
    next.ifPresent(id -> removeSome(db, new ConversationKey(tenant, id), tally));
    return next.isPresent();
  }

  @Override
  public boolean keeps(DSLContext db, Erased whom) {
    return holds.any(db, whom.tenantId());
  }

  /// Does a piece of what there is to do for the first conversation of a page that the user owns.
  private boolean leaveOne(
      DSLContext db,
      UUID tenant,
      UUID user,
      @Nullable UUID after,
      @Nullable UUID until,
      Tally tally) {
    var owned = authors.owned(db, tenant, user, after, until);
    if (owned.isEmpty()) {
      return false;
    }
    leave(db, new ConversationKey(tenant, owned.getFirst()), user, tally);
    return true;
  }

  private void leave(DSLContext db, ConversationKey key, UUID user, Tally tally) {
    var found = store.lock(db, key);
    if (found.isEmpty() || !found.get().ownerId().equals(user)) {
      return;
    }
    if (found.get().deleted()) {
      removeSome(db, key, tally);
      return;
    }
    var heir = store.heir(db, key);
    if (heir.isPresent()) {
      store.handOn(db, key, heir.get());
      tally.changed(CONVERSATION, 1);
      entries.changed(db, key.tenantId(), key.conversationId());
    } else {
      hide(db, key);
    }
  }

  /// From here on it is gone for everybody; those who follow it are told.
  private void hide(DSLContext db, ConversationKey key) {
    store.hide(db, key);
    feed.append(
        db,
        key.tenantId(),
        key.conversationId(),
        EventRow.ofConversation(EventType.CONVERSATION_DELETED, null));
    entries.changed(db, key.tenantId(), key.conversationId());
    publish(db, key, "conversation.deleted");
  }

  private void removeSome(DSLContext db, ConversationKey key, Tally tally) {
    if (!store.removeContent(db, key, PAGE, tally)) {
      entries.gone(db, List.of(key));
      store.remove(db, key, tally);
      publish(db, key, "conversation.purged");
    }
  }

  private void publish(DSLContext db, ConversationKey key, String fact) {
    outbox.publish(db, key.tenantId(), fact, key.conversationId().toString(), Map.of());
  }
}
