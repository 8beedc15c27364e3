package dev.agentserver.conversation.stream;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_MEMBER;
import static dev.agentserver.conversation.db.Tables.MESSAGE;
import static dev.agentserver.conversation.db.Tables.MESSAGE_STREAM;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;

import dev.agentserver.conversation.access.MemberRole;
import dev.agentserver.conversation.event.EventStore;
import dev.agentserver.conversation.message.State;
import dev.agentserver.kit.db.ArrayTable;
import dev.agentserver.kit.eventlog.StreamKey;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;

/// Finds what writers write to. Conversations are locked in the order of their ids, so that two
/// groups never wait for each other in a circle.
final class StreamStore {
  /// Who asks for which message.
  record Asked(StreamKey message, UUID principalId) {
    static Asked by(Append append) {
      return new Asked(append.key(), append.caller().principalId());
    }
  }

  /// A conversation that is locked.
  ///
  /// @param lastSeq its newest event
  /// @param at when what happens now happens
  record Locked(StreamKey key, long lastSeq, OffsetDateTime at) {}

  private static final Field<OffsetDateTime> NOW =
      DSL.function("clock_timestamp", OffsetDateTime.class).as("now");

  /// Locks the conversations of these messages, and returns them by their ids. What depends on a
  /// message's state is read afterwards: this statement may have waited, and sees other rows as
  /// they were before it did.
  Map<StreamKey, Locked> lock(DSLContext db, Collection<StreamKey> messages) {
    var asked =
        ArrayTable.of("asked", messages)
            .with(MESSAGE.TENANT_ID, StreamKey::tenantId)
            .with(MESSAGE.MESSAGE_ID, StreamKey::id);
    var conversations =
        select(MESSAGE.TENANT_ID, MESSAGE.CONVERSATION_ID)
            .from(asked.table())
            .join(MESSAGE)
            .on(MESSAGE.TENANT_ID.eq(asked.field(MESSAGE.TENANT_ID)))
            .and(MESSAGE.MESSAGE_ID.eq(asked.field(MESSAGE.MESSAGE_ID)));
    var at = EventStore.now().as("at");
    return db
        .select(
            CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID, CONVERSATION.LAST_EVENT_SEQ, at)
        .from(CONVERSATION)
        .where(row(CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID).in(conversations))
        .orderBy(CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID)
        .forNoKeyUpdate()
        .fetch(
            found ->
                new Locked(
                    new StreamKey(
                        found.get(CONVERSATION.TENANT_ID), found.get(CONVERSATION.CONVERSATION_ID)),
                    found.get(CONVERSATION.LAST_EVENT_SEQ),
                    found.get(at)))
        .stream()
        .collect(Collectors.toMap(Locked::key, locked -> locked));
  }

  /// The messages as those who ask find them; what does not exist is absent.
  Map<Asked, Writing> read(DSLContext db, Collection<Asked> asked) {
    var wanted =
        ArrayTable.of("asked", Set.copyOf(asked))
            .with(MESSAGE.TENANT_ID, one -> one.message().tenantId())
            .with(MESSAGE.MESSAGE_ID, one -> one.message().id())
            .with(CONVERSATION_MEMBER.USER_ID, Asked::principalId);
    var user = wanted.field(CONVERSATION_MEMBER.USER_ID);
    return db
        .select(
            user,
            MESSAGE.TENANT_ID,
            MESSAGE.MESSAGE_ID,
            MESSAGE.CONVERSATION_ID,
            MESSAGE.STATE,
            MESSAGE.STATE_REASON,
            CONVERSATION.DELETED_AT,
            CONVERSATION_MEMBER.ROLE,
            MESSAGE_STREAM.WRITER_EPOCH,
            MESSAGE_STREAM.WRITER_EXPIRES_AT,
            MESSAGE_STREAM.PART_LENGTHS,
            MESSAGE_STREAM.PART_OPEN,
            MESSAGE_STREAM.SIZE_BYTES,
            MESSAGE_STREAM.LAST_SEQ,
            NOW)
        .from(wanted.table())
        .join(MESSAGE)
        .on(MESSAGE.TENANT_ID.eq(wanted.field(MESSAGE.TENANT_ID)))
        .and(MESSAGE.MESSAGE_ID.eq(wanted.field(MESSAGE.MESSAGE_ID)))
        .join(CONVERSATION)
        .on(CONVERSATION.TENANT_ID.eq(MESSAGE.TENANT_ID))
        .and(CONVERSATION.CONVERSATION_ID.eq(MESSAGE.CONVERSATION_ID))
        .leftJoin(MESSAGE_STREAM)
        .on(MESSAGE_STREAM.TENANT_ID.eq(MESSAGE.TENANT_ID))
        .and(MESSAGE_STREAM.MESSAGE_ID.eq(MESSAGE.MESSAGE_ID))
        .leftJoin(CONVERSATION_MEMBER)
        .on(CONVERSATION_MEMBER.TENANT_ID.eq(MESSAGE.TENANT_ID))
        .and(CONVERSATION_MEMBER.CONVERSATION_ID.eq(MESSAGE.CONVERSATION_ID))
        .and(CONVERSATION_MEMBER.USER_ID.eq(user))
        .fetch()
        .stream()
        .collect(
            Collectors.toMap(
                found ->
                    new Asked(
                        new StreamKey(found.get(MESSAGE.TENANT_ID), found.get(MESSAGE.MESSAGE_ID)),
                        found.get(user)),
                StreamStore::writing));
  }

  private static Writing writing(Record found) {
    var role = found.get(CONVERSATION_MEMBER.ROLE);
    return new Writing(
        new StreamKey(found.get(MESSAGE.TENANT_ID), found.get(MESSAGE.MESSAGE_ID)),
        new StreamKey(found.get(MESSAGE.TENANT_ID), found.get(MESSAGE.CONVERSATION_ID)),
        State.valueOf(found.get(MESSAGE.STATE)),
        found.get(MESSAGE.STATE_REASON),
        found.get(CONVERSATION.DELETED_AT) != null,
        role == null ? null : MemberRole.valueOf(role),
        found.get(MESSAGE_STREAM.WRITER_EPOCH) == null
            ? null
            : new Writing.Row(
                found.get(MESSAGE_STREAM.WRITER_EPOCH),
                found.get(MESSAGE_STREAM.WRITER_EXPIRES_AT),
                List.of(found.get(MESSAGE_STREAM.PART_LENGTHS)),
                List.of(found.get(MESSAGE_STREAM.PART_OPEN)),
                found.get(MESSAGE_STREAM.SIZE_BYTES),
                found.get(MESSAGE_STREAM.LAST_SEQ)),
        found.get(NOW));
  }
}
