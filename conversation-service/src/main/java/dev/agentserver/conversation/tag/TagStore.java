package dev.agentserver.conversation.tag;

import static dev.agentserver.conversation.db.Tables.CONVERSATION;
import static dev.agentserver.conversation.db.Tables.CONVERSATION_TAG;
import static dev.agentserver.conversation.db.Tables.TAG;
import static org.jooq.impl.DSL.lower;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import dev.agentserver.conversation.access.Access;
import dev.agentserver.kit.identity.Caller;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record4;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of tags, and which conversations they are on.
final class TagStore {
  /// Where a tag is in the list: what a page token holds.
  record Position(String lowerName, UUID id) {}

  /// A tag with its place in the list.
  record Listed(Tag tag, Position position) {}

  /// The tags the caller sees, by name.
  ///
  /// @param conversationId only those that are on it; null: all
  List<Listed> list(
      DSLContext db,
      Caller caller,
      @Nullable UUID conversationId,
      @Nullable Position after,
      int limit) {
    var folded = lower(TAG.NAME);
    return db.select(TAG.TAG_ID, TAG.OWNER_ID, TAG.NAME, TAG.CREATED_AT, folded)
        .from(TAG)
        .where(seen(caller))
        .and(conversationId == null ? noCondition() : on(caller.tenantId(), conversationId))
        .and(
            after == null
                ? noCondition()
                : row(folded, TAG.TAG_ID).gt(row(val(after.lowerName()), val(after.id()))))
        .orderBy(folded, TAG.TAG_ID)
        .limit(limit)
        .fetch(
            found ->
                new Listed(
                    new Tag(
                        found.value1(), found.value2(), found.value3(), found.value4().toInstant()),
                    new Position(found.value5(), found.value1())));
  }

  /// A tag that the caller sees; locked until the transaction ends, so that it stays while it is
  /// used.
  Optional<Tag> lock(DSLContext db, Caller caller, UUID tagId) {
    return db.select(TAG.TAG_ID, TAG.OWNER_ID, TAG.NAME, TAG.CREATED_AT)
        .from(TAG)
        .where(seen(caller))
        .and(TAG.TAG_ID.eq(tagId))
        .forNoKeyUpdate()
        .fetchOptional(TagStore::tag);
  }

  /// @param ownerId null: the organization
  int count(DSLContext db, UUID tenantId, @Nullable UUID ownerId) {
    return db.fetchCount(TAG, TAG.TENANT_ID.eq(tenantId).and(of(ownerId)));
  }

  Tag insert(DSLContext db, UUID tenantId, UUID id, @Nullable UUID ownerId, String name) {
    return db.insertInto(TAG)
        .set(TAG.TENANT_ID, tenantId)
        .set(TAG.TAG_ID, id)
        .set(TAG.OWNER_ID, ownerId)
        .set(TAG.NAME, name)
        .set(TAG.CREATED_AT, DSL.function("clock_timestamp", OffsetDateTime.class))
        .returningResult(TAG.TAG_ID, TAG.OWNER_ID, TAG.NAME, TAG.CREATED_AT)
        .fetchSingle(TagStore::tag);
  }

  void rename(DSLContext db, UUID tenantId, UUID tagId, String name) {
    db.update(TAG)
        .set(TAG.NAME, name)
        .where(TAG.TENANT_ID.eq(tenantId))
        .and(TAG.TAG_ID.eq(tagId))
        .execute();
  }

  /// Takes it off every conversation too.
  void delete(DSLContext db, UUID tenantId, UUID tagId) {
    db.deleteFrom(TAG).where(TAG.TENANT_ID.eq(tenantId)).and(TAG.TAG_ID.eq(tagId)).execute();
  }

  /// Locks a conversation until the transaction ends; false when the caller may not touch it so.
  boolean lock(DSLContext db, Caller caller, Access access, UUID conversationId) {
    return db.select(CONVERSATION.CONVERSATION_ID)
        .from(CONVERSATION)
        .where(CONVERSATION.CONVERSATION_ID.eq(conversationId))
        .and(CONVERSATION.DELETED_AT.isNull())
        .and(access.to(caller, CONVERSATION.TENANT_ID, CONVERSATION.CONVERSATION_ID))
        .forNoKeyUpdate()
        .fetchOptional()
        .isPresent();
  }

  /// How many tags of this owner are on the conversation.
  int countOn(DSLContext db, UUID tenantId, UUID conversationId, @Nullable UUID ownerId) {
    return db.fetchCount(
        TAG, TAG.TENANT_ID.eq(tenantId).and(of(ownerId)).and(on(tenantId, conversationId)));
  }

  /// Returns whether it was not there yet.
  boolean put(DSLContext db, UUID tenantId, UUID conversationId, UUID tagId) {
    return db.insertInto(CONVERSATION_TAG)
            .set(CONVERSATION_TAG.TENANT_ID, tenantId)
            .set(CONVERSATION_TAG.CONVERSATION_ID, conversationId)
            .set(CONVERSATION_TAG.TAG_ID, tagId)
            .onConflictDoNothing()
            .execute()
        == 1;
  }

  /// Returns whether it was there.
  boolean take(DSLContext db, UUID tenantId, UUID conversationId, UUID tagId) {
    return db.deleteFrom(CONVERSATION_TAG)
            .where(CONVERSATION_TAG.TENANT_ID.eq(tenantId))
            .and(CONVERSATION_TAG.CONVERSATION_ID.eq(conversationId))
            .and(CONVERSATION_TAG.TAG_ID.eq(tagId))
            .execute()
        == 1;
  }

  private static Condition seen(Caller caller) {
    return TAG.TENANT_ID
        .eq(caller.tenantId())
        .and(TAG.OWNER_ID.isNull().or(TAG.OWNER_ID.eq(caller.principalId())));
  }

  private static Condition of(@Nullable UUID ownerId) {
    return ownerId == null ? TAG.OWNER_ID.isNull() : TAG.OWNER_ID.eq(ownerId);
  }

  private static Condition on(UUID tenantId, UUID conversationId) {
    return TAG.TAG_ID.in(
        select(CONVERSATION_TAG.TAG_ID)
            .from(CONVERSATION_TAG)
            .where(CONVERSATION_TAG.TENANT_ID.eq(tenantId))
            .and(CONVERSATION_TAG.CONVERSATION_ID.eq(conversationId)));
  }

  private static Tag tag(Record4<UUID, UUID, String, OffsetDateTime> row) {
    return new Tag(row.value1(), row.value2(), row.value3(), row.value4().toInstant());
  }
}
