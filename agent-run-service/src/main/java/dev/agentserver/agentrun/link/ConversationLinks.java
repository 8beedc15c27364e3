package dev.agentserver.agentrun.link;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Links to conversations and their messages: made to what is there, and not to what goes
/// meanwhile. Whoever makes one asks before its transaction and keeps the conversation in it.
public final class ConversationLinks {
  /// Far longer than anybody takes from asking to the end of its transaction.
  private static final Duration KEPT = Duration.ofDays(1);

  private static final int PAGE = 1_000;

  /// A conversation that was there.
  ///
  /// @param gone when it was heard before that it was no more; it has come back since. Null: never
  public record Asked(UUID tenantId, UUID conversationId, @Nullable OffsetDateTime gone) {}

  private final Database database;
  private final ConversationPeer peer;
  private final GoneStore store = new GoneStore();

  public ConversationLinks(Database database, ConversationPeer peer) {
    this.database = database;
    this.peer = peer;
  }

  /// Fails with NotFound where the caller at hand may not write in such a conversation. It asks
  /// another service: never within a transaction.
  ///
  /// @param conversationId null: there is nothing to be asked
  public @Nullable Asked ask(Caller caller, @Nullable UUID conversationId) {
    if (conversationId == null) {
      return null;
    }
    // First: what is heard from here on is news.
    var gone = database.read(db -> store.goneAt(db, caller.tenantId(), conversationId));
    peer.requireWritable(conversationId);
    return new Asked(caller.tenantId(), conversationId, gone);
  }

  /// The conversation that a message was said in; fails with NotFound where the caller at hand may
  /// see no such message. It asks another service: never within a transaction.
  ///
  /// @param messageId null: none
  public @Nullable UUID conversationOf(@Nullable UUID messageId) {
    return messageId == null ? null : peer.conversationOf(messageId);
  }

  /// Has the conversation stay until the transaction ends, as far as is known here: a deletion is
  /// heard before, or finds what the transaction has written. Fails with NotFound where it was
  /// heard since it was asked for.
  ///
  /// @param asked null: there is nothing to keep
  public void keep(DSLContext db, @Nullable Asked asked) {
    if (asked == null) {
      return;
    }
    store.keep(db, asked.conversationId());
    var gone = store.goneAt(db, asked.tenantId(), asked.conversationId());
    if (gone != null && !gone.equals(asked.gone())) {
      throw new Problem.NotFound("conversation", asked.conversationId().toString()).raise();
    }
  }

  /// Forgets the deletions that nobody can have missed.
  public void sweep() {
    int forgotten;
    do {
      forgotten = database.write(db -> store.forget(db, KEPT, PAGE));
    } while (forgotten == PAGE);
  }
}
