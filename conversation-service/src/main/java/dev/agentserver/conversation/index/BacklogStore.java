package dev.agentserver.conversation.index;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_UNSEARCHED;
import static org.jooq.impl.DSL.case_;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.left;
import static org.jooq.impl.DSL.row;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.Table;

/// The list of messages whose words are still to be written.
final class BacklogStore {
  /// Where they are.
  static final Table<?> MESSAGES = MESSAGE;

  /// What such a message says; nothing where it was deleted since, or is being written again: its
  /// end writes its words.
  record Unsearched(UUID tenantId, UUID messageId, String text) {}

  /// Some of the list. Nobody else takes them, deletes one, or hands its conversation on, before
  /// this transaction ends; those that somebody is at are left for the next time.
  List<Unsearched> take(DSLContext db, int limit) {
    var text =
        case_()
            .when(MESSAGE.STATE.in(inline("STREAMING"), inline("REDACTED")), inline(""))
            .else_(left(MESSAGE.CONTENT_TEXT, Words.MAX_TEXT));
    return db.select(MESSAGE.TENANT_ID, MESSAGE.MESSAGE_ID, text)
        .from(MESSAGE_UNSEARCHED)
        .join(MESSAGE)
        .on(MESSAGE.TENANT_ID.eq(MESSAGE_UNSEARCHED.TENANT_ID))
        .and(MESSAGE.MESSAGE_ID.eq(MESSAGE_UNSEARCHED.MESSAGE_ID))
        .join(CONVERSATION)
        .on(CONVERSATION.TENANT_ID.eq(MESSAGE.TENANT_ID))
        .and(CONVERSATION.CONVERSATION_ID.eq(MESSAGE.CONVERSATION_ID))
        .limit(inline(limit))
        .forNoKeyUpdate()
        .of(MESSAGE, CONVERSATION)
        .skipLocked()
        .fetch(Records.mapping(Unsearched::new));
  }

  /// They are done.
  void remove(DSLContext db, Collection<Unsearched> done) {
    var ids = done.stream().map(one -> row(one.tenantId(), one.messageId())).toList();
    db.deleteFrom(MESSAGE_UNSEARCHED)
        .where(row(MESSAGE_UNSEARCHED.TENANT_ID, MESSAGE_UNSEARCHED.MESSAGE_ID).in(ids))
        .execute();
  }
}
