package dev.agentserver.file.link;

import static dev.agentserver.file.db.Tables.FILE;
import static dev.agentserver.file.db.Tables.FILE_LINK;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.file.file.FileState;
import dev.agentserver.file.file.Purpose;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of links.
final class LinkStore {
  /// Makes a link where it is not there yet.
  void insert(DSLContext db, UUID tenantId, UUID id, Link.Use use) {
    db.insertInto(FILE_LINK)
        .set(FILE_LINK.TENANT_ID, tenantId)
        .set(FILE_LINK.FILE_LINK_ID, id)
        .set(FILE_LINK.FILE_ID, use.fileId())
        .set(FILE_LINK.CONVERSATION_ID, use.conversationId())
        .set(FILE_LINK.MESSAGE_ID, use.messageId())
        .set(FILE_LINK.CREATED_AT, clock())
        .onConflictDoNothing()
        .execute();
    db.update(FILE)
        .setNull(FILE.RELEASED_AT)
        .where(FILE.TENANT_ID.eq(tenantId))
        .and(FILE.FILE_ID.eq(use.fileId()))
        .and(FILE.RELEASED_AT.isNotNull())
        .execute();
  }

  Link find(DSLContext db, UUID tenantId, Link.Use use) {
    return db.selectFrom(FILE_LINK).where(is(tenantId, use)).fetchSingle(LinkStore::link);
  }

  int count(DSLContext db, UUID tenantId, UUID fileId) {
    return db.fetchCount(
        FILE_LINK, FILE_LINK.TENANT_ID.eq(tenantId).and(FILE_LINK.FILE_ID.eq(fileId)));
  }

  void remove(DSLContext db, UUID tenantId, Link.Use use) {
    db.deleteFrom(FILE_LINK).where(is(tenantId, use)).execute();
  }

  void removeAll(DSLContext db, UUID tenantId, UUID fileId) {
    db.deleteFrom(FILE_LINK)
        .where(FILE_LINK.TENANT_ID.eq(tenantId))
        .and(FILE_LINK.FILE_ID.eq(fileId))
        .execute();
  }

  /// The links of a file, the oldest first.
  ///
  /// @param after the last of the page before; null: from the beginning
  List<Link> list(DSLContext db, UUID tenantId, UUID fileId, @Nullable Link after, int limit) {
    return db.selectFrom(FILE_LINK)
        .where(FILE_LINK.TENANT_ID.eq(tenantId))
        .and(FILE_LINK.FILE_ID.eq(fileId))
        .and(
            after == null
                ? noCondition()
                : row(FILE_LINK.CREATED_AT, FILE_LINK.FILE_LINK_ID)
                    .gt(row(after.createdAt().atOffset(ZoneOffset.UTC), after.id())))
        .orderBy(FILE_LINK.CREATED_AT, FILE_LINK.FILE_LINK_ID)
        .limit(limit)
        .fetch(LinkStore::link);
  }

  /// The conversations that a file is attached to.
  List<UUID> conversations(DSLContext db, UUID tenantId, UUID fileId, int limit) {
    return db.selectDistinct(FILE_LINK.CONVERSATION_ID)
        .from(FILE_LINK)
        .where(FILE_LINK.TENANT_ID.eq(tenantId))
        .and(FILE_LINK.FILE_ID.eq(fileId))
        .limit(limit)
        .fetch(FILE_LINK.CONVERSATION_ID);
  }

  /// A conversation is no more: attachments that were nowhere else are released.
  void forget(DSLContext db, UUID tenantId, UUID conversationId) {
    db.update(FILE)
        .set(FILE.RELEASED_AT, clock())
        .where(FILE.TENANT_ID.eq(tenantId))
        .and(FILE.PURPOSE.eq(Purpose.ATTACHMENT.name()))
        .and(FILE.STATE.ne(FileState.DELETED.name()))
        .and(exists(links(FILE_LINK.CONVERSATION_ID.eq(conversationId))))
        .and(notExists(links(FILE_LINK.CONVERSATION_ID.ne(conversationId))))
        .execute();
    db.deleteFrom(FILE_LINK)
        .where(FILE_LINK.TENANT_ID.eq(tenantId))
        .and(FILE_LINK.CONVERSATION_ID.eq(conversationId))
        .execute();
  }

  private static Select<?> links(Condition which) {
    return selectOne()
        .from(FILE_LINK)
        .where(FILE_LINK.TENANT_ID.eq(FILE.TENANT_ID))
        .and(FILE_LINK.FILE_ID.eq(FILE.FILE_ID))
        .and(which);
  }

  private static Condition is(UUID tenantId, Link.Use use) {
    return FILE_LINK
        .TENANT_ID
        .eq(tenantId)
        .and(FILE_LINK.FILE_ID.eq(use.fileId()))
        .and(FILE_LINK.CONVERSATION_ID.eq(use.conversationId()))
        .and(FILE_LINK.MESSAGE_ID.isNotDistinctFrom(use.messageId()));
  }

  private static Link link(Record found) {
    return new Link(
        found.get(FILE_LINK.FILE_LINK_ID),
        new Link.Use(
            found.get(FILE_LINK.FILE_ID),
            found.get(FILE_LINK.CONVERSATION_ID),
            found.get(FILE_LINK.MESSAGE_ID)),
        found.get(FILE_LINK.CREATED_AT).toInstant());
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
