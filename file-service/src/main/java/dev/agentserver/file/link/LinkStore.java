package dev.agentserver.file.link;

import static dev.agentserver.file.db.Tables.FILE;
import static dev.agentserver.file.db.Tables.FILE_LINK;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.selectOne;

import dev.agentserver.file.file.FileState;
import dev.agentserver.file.file.Purpose;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        .set(FILE_LINK.SESSION_ID, use.sessionId())
        .set(FILE_LINK.AGENT_ID, use.agentId())
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

  /// Removes a link; false where there is none.
  boolean remove(DSLContext db, UUID tenantId, Link.Use use) {
    return db.deleteFrom(FILE_LINK).where(is(tenantId, use)).execute() > 0;
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

  /// What uses these files, up to `limit` conversations, sessions and agents; files that nothing
  /// uses are left out.
  Map<UUID, Uses> uses(DSLContext db, UUID tenantId, Collection<UUID> fileIds, int limit) {
    var found = new HashMap<UUID, Uses>();
    db.selectDistinct(
            FILE_LINK.FILE_ID, FILE_LINK.CONVERSATION_ID, FILE_LINK.SESSION_ID, FILE_LINK.AGENT_ID)
        .from(FILE_LINK)
        .where(FILE_LINK.TENANT_ID.eq(tenantId))
        .and(FILE_LINK.FILE_ID.in(fileIds))
        .orderBy(1, 2, 3, 4)
        .limit(limit)
        .forEach(
            use ->
                found
                    .computeIfAbsent(use.value1(), _ -> Uses.none())
                    .add(use.value2(), use.value3(), use.value4()));
    return found;
  }

  /// A conversation is no more. Artifacts are still those of their sessions.
  void forgetConversation(DSLContext db, UUID tenantId, UUID conversationId) {
    db.update(FILE_LINK)
        .setNull(FILE_LINK.CONVERSATION_ID)
        .where(FILE_LINK.TENANT_ID.eq(tenantId))
        .and(FILE_LINK.CONVERSATION_ID.eq(conversationId))
        .and(FILE_LINK.SESSION_ID.isNotNull())
        .execute();
    forget(db, tenantId, FILE_LINK.CONVERSATION_ID.isNotDistinctFrom(conversationId));
  }

  void forgetMessage(DSLContext db, UUID tenantId, UUID messageId) {
    forget(db, tenantId, FILE_LINK.MESSAGE_ID.isNotDistinctFrom(messageId));
  }

  void forgetSession(DSLContext db, UUID tenantId, UUID sessionId) {
    forget(db, tenantId, FILE_LINK.SESSION_ID.isNotDistinctFrom(sessionId));
  }

  void forgetArtifact(DSLContext db, UUID tenantId, UUID sessionId, UUID fileId) {
    forget(
        db,
        tenantId,
        FILE_LINK.SESSION_ID.isNotDistinctFrom(sessionId).and(FILE_LINK.FILE_ID.eq(fileId)));
  }

  void forgetAgent(DSLContext db, UUID tenantId, UUID agentId) {
    forget(db, tenantId, FILE_LINK.AGENT_ID.isNotDistinctFrom(agentId));
  }

  /// Removes links. Attachments and artifacts that are used nowhere else are released.
  ///
  /// @param gone true or false of every link, never null
  private static void forget(DSLContext db, UUID tenantId, Condition gone) {
    db.update(FILE)
        .set(FILE.RELEASED_AT, clock())
        .where(FILE.TENANT_ID.eq(tenantId))
        .and(FILE.PURPOSE.in(Purpose.ATTACHMENT.name(), Purpose.ARTIFACT.name()))
        .and(FILE.STATE.ne(FileState.DELETED.name()))
        .and(exists(links(gone)))
        .and(notExists(links(not(gone))))
        .execute();
    db.deleteFrom(FILE_LINK).where(FILE_LINK.TENANT_ID.eq(tenantId)).and(gone).execute();
  }

  private static Select<?> links(Condition which) {
    return selectOne()
        .from(FILE_LINK)
        .where(FILE_LINK.TENANT_ID.eq(FILE.TENANT_ID))
        .and(FILE_LINK.FILE_ID.eq(FILE.FILE_ID))
        .and(which);
  }

  /// A session has an artifact once, whatever conversation it is talked about in.
  private static Condition is(UUID tenantId, Link.Use use) {
    var file = FILE_LINK.TENANT_ID.eq(tenantId).and(FILE_LINK.FILE_ID.eq(use.fileId()));
    return use.sessionId() != null
        ? file.and(FILE_LINK.SESSION_ID.eq(use.sessionId()))
        : file.and(FILE_LINK.SESSION_ID.isNull())
            .and(FILE_LINK.CONVERSATION_ID.isNotDistinctFrom(use.conversationId()))
            .and(FILE_LINK.MESSAGE_ID.isNotDistinctFrom(use.messageId()))
            .and(FILE_LINK.AGENT_ID.isNotDistinctFrom(use.agentId()));
  }

  private static Link link(Record found) {
    return new Link(
        found.get(FILE_LINK.FILE_LINK_ID),
        new Link.Use(
            found.get(FILE_LINK.FILE_ID),
            found.get(FILE_LINK.CONVERSATION_ID),
            found.get(FILE_LINK.MESSAGE_ID),
            found.get(FILE_LINK.SESSION_ID),
            found.get(FILE_LINK.AGENT_ID)),
        found.get(FILE_LINK.CREATED_AT).toInstant());
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
