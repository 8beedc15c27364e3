package dev.agentserver.agentrun.session.checkpoint;

import static dev.agentserver.agentrun.db.Tables.SESSION_CHECKPOINT;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.when;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of checkpoints. Whoever writes holds the session's row.
final class CheckpointStore {
  int last(DSLContext db, UUID tenantId, UUID sessionId) {
    return db.select(coalesce(max(SESSION_CHECKPOINT.NUMBER), DSL.inline(0)))
        .from(SESSION_CHECKPOINT)
        .where(of(tenantId, sessionId))
        .fetchSingle()
        .value1();
  }

  void insert(
      DSLContext db, UUID tenantId, UUID sessionId, int number, String title, String description) {
    db.insertInto(SESSION_CHECKPOINT)
        .set(SESSION_CHECKPOINT.TENANT_ID, tenantId)
        .set(SESSION_CHECKPOINT.SESSION_ID, sessionId)
        .set(SESSION_CHECKPOINT.NUMBER, number)
        .set(SESSION_CHECKPOINT.TITLE, title)
        .set(SESSION_CHECKPOINT.DESCRIPTION, description)
        .set(SESSION_CHECKPOINT.CREATED_AT, clock())
        .execute();
  }

  Optional<Checkpoint> find(DSLContext db, UUID tenantId, UUID sessionId, int number) {
    return db.select()
        .from(SESSION_CHECKPOINT)
        .where(of(tenantId, sessionId))
        .and(SESSION_CHECKPOINT.NUMBER.eq(number))
        .fetchOptional(CheckpointStore::checkpoint);
  }

  /// @param after the number of the last one of the page before; 0: from the first
  List<Checkpoint> list(DSLContext db, UUID tenantId, UUID sessionId, int after, int limit) {
    return db.select()
        .from(SESSION_CHECKPOINT)
        .where(of(tenantId, sessionId))
        .and(SESSION_CHECKPOINT.NUMBER.gt(after))
        .orderBy(SESSION_CHECKPOINT.NUMBER)
        .limit(limit)
        .fetch(CheckpointStore::checkpoint);
  }

  /// What is complete stays as it is.
  void complete(DSLContext db, UUID tenantId, UUID sessionId, int number) {
    db.update(SESSION_CHECKPOINT)
        .set(SESSION_CHECKPOINT.COMPLETED_AT, clock())
        .where(of(tenantId, sessionId))
        .and(SESSION_CHECKPOINT.NUMBER.eq(number))
        .and(SESSION_CHECKPOINT.COMPLETED_AT.isNull())
        .execute();
  }

  void delete(DSLContext db, UUID tenantId, UUID sessionId, int number) {
    db.deleteFrom(SESSION_CHECKPOINT)
        .where(of(tenantId, sessionId))
        .and(SESSION_CHECKPOINT.NUMBER.eq(number))
        .execute();
  }

  /// Makes these the session's checkpoints, and no others. What is complete here and there keeps
  /// its time.
  void replace(DSLContext db, UUID tenantId, UUID sessionId, List<Checkpoint> checkpoints) {
    db.deleteFrom(SESSION_CHECKPOINT)
        .where(of(tenantId, sessionId))
        .and(SESSION_CHECKPOINT.NUMBER.notIn(checkpoints.stream().map(Checkpoint::number).toList()))
        .execute();
    var row = SESSION_CHECKPOINT;
    var insert =
        db.insertInto(
            row,
            row.TENANT_ID,
            row.SESSION_ID,
            row.NUMBER,
            row.TITLE,
            row.DESCRIPTION,
            row.CREATED_AT,
            row.COMPLETED_AT);
    for (var each : checkpoints) {
      insert.values(
          tenantId,
          sessionId,
          each.number(),
          each.title(),
          each.description(),
          at(each.createdAt()),
          each.completedAt() == null ? null : at(each.completedAt()));
    }
    insert
        .onConflict(row.TENANT_ID, row.SESSION_ID, row.NUMBER)
        .doUpdate()
        .set(row.TITLE, excluded(row.TITLE))
        .set(row.DESCRIPTION, excluded(row.DESCRIPTION))
        .set(
            row.COMPLETED_AT,
            when(
                excluded(row.COMPLETED_AT).isNotNull(),
                coalesce(row.COMPLETED_AT, excluded(row.COMPLETED_AT))))
        .execute();
  }

  private static Condition of(UUID tenantId, UUID sessionId) {
    return SESSION_CHECKPOINT
        .TENANT_ID
        .eq(tenantId)
        .and(SESSION_CHECKPOINT.SESSION_ID.eq(sessionId));
  }

  private static Checkpoint checkpoint(Record found) {
    return new Checkpoint(
        found.get(SESSION_CHECKPOINT.NUMBER),
        found.get(SESSION_CHECKPOINT.TITLE),
        found.get(SESSION_CHECKPOINT.DESCRIPTION),
        found.get(SESSION_CHECKPOINT.CREATED_AT).toInstant(),
        instant(found.get(SESSION_CHECKPOINT.COMPLETED_AT)));
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
