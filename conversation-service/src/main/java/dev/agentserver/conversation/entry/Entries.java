package dev.agentserver.conversation.entry;

import dev.agentserver.conversation.entry.EntryStore.Changed;
import dev.agentserver.kit.identity.Caller;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// The entries that conversations have in their members' lists. Whatever changes what a list shows
/// of a conversation tells it here, in its transaction; the members' open lists hear of it after
/// the commit.
public final class Entries {
  /// How long after its last look a list can be followed on without being read again.
  public static final Duration FOLLOWED = Duration.ofDays(30);

  /// How old the activity that a list shows may become.
  private static final Duration ACTIVITY_STEP = Duration.ofSeconds(2);

  /// A little more than the oldest token with which a list is still followed, for clocks.
  private static final Duration KEEP_GONE = FOLLOWED.plusDays(1);

  private static final int SWEEP = 1_000;

  /// Tells a user's open lists, once the transaction is committed, that an entry has changed.
  @FunctionalInterface
  public interface Bell {
    void ring(DSLContext db, UUID tenantId, UUID userId, OffsetDateTime changedAt);
  }

  private final EntryStore store = new EntryStore();
  private final GoneStore left = new GoneStore();
  private final Bell bell;

  public Entries(Bell bell) {
    this.bell = bell;
  }

  /// The caller has got an entry.
  public void added(DSLContext db, Caller caller, OffsetDateTime at) {
    bell.ring(db, caller.tenantId(), caller.principalId(), at);
  }

  /// A user has got an entry.
  public void joined(DSLContext db, UUID tenantId, UUID conversationId, UUID userId) {
    ring(db, tenantId, store.touch(db, tenantId, conversationId, userId));
  }

  /// A user's entry is gone; that is remembered for those who do not look right now.
  public void left(DSLContext db, UUID tenantId, UUID conversationId, UUID userId) {
    bell.ring(db, tenantId, userId, left.remember(db, tenantId, conversationId, userId));
  }

  /// The caller puts an entry away or on top; null leaves it as it is. Nothing happens for a caller
  /// who is no member.
  public void arrange(
      DSLContext db,
      Caller caller,
      UUID conversationId,
      @Nullable Boolean archived,
      @Nullable Boolean pinned) {
    ring(db, caller.tenantId(), store.arrange(db, caller, conversationId, archived, pinned));
  }

  /// Something that every member's list shows has changed.
  public void changed(DSLContext db, UUID tenantId, UUID conversationId) {
    ring(db, tenantId, store.touch(db, tenantId, conversationId));
  }

  /// Moves the conversation up in its members' lists, unless they heard of activity within the last
  /// two seconds.
  ///
  /// @param at when the newest activity was
  /// @param listed when lists were last told of activity
  public void active(
      DSLContext db, UUID tenantId, UUID conversationId, OffsetDateTime at, OffsetDateTime listed) {
    var due = at.minus(ACTIVITY_STEP);
    if (listed.isBefore(due)) {
      ring(db, tenantId, store.moveUp(db, tenantId, conversationId, at, due));
    }
  }

  /// The caller has read up to an event; what was read stays read. Nothing happens for a caller who
  /// is no member.
  ///
  /// @param throughSeq 0, or beyond the newest event: everything
  public void read(DSLContext db, Caller caller, UUID conversationId, long throughSeq) {
    ring(db, caller.tenantId(), store.markRead(db, caller, conversationId, throughSeq));
  }

  /// A member goes to a branch of the conversation, whose row the caller has locked. Nothing
  /// happens for somebody who is no member, or is there already; returns whether something did.
  public boolean goTo(
      DSLContext db, UUID tenantId, UUID conversationId, UUID userId, int branchNo) {
    var changed = store.goTo(db, tenantId, conversationId, userId, branchNo);
    ring(db, tenantId, changed);
    return !changed.isEmpty();
  }

  /// The conversations are about to be removed for good: their entries are remembered as gone, for
  /// those who do not look right now.
  public void gone(DSLContext db, List<ConversationKey> conversations) {
    if (conversations.isEmpty()) {
      return;
    }
    for (var entry : left.remember(db, conversations, KEEP_GONE)) {
      bell.ring(db, entry.tenantId(), entry.userId(), entry.at());
    }
  }

  /// Forgets a batch of those that went longer ago than any list is followed from, and returns
  /// whether there are more.
  public boolean forgetGone(DSLContext db) {
    return left.forget(db, KEEP_GONE, SWEEP) == SWEEP;
  }

  private void ring(DSLContext db, UUID tenantId, List<Changed> entries) {
    for (var entry : entries) {
      bell.ring(db, tenantId, entry.userId(), entry.at());
    }
  }
}
