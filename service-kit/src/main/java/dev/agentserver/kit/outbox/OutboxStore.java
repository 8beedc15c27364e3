package dev.agentserver.kit.outbox;

import static dev.agentserver.kit.db.tables.Tables.OUTBOX_CONSUMER;
import static dev.agentserver.kit.db.tables.Tables.OUTBOX_FACT;
import static dev.agentserver.kit.db.tables.Tables.OUTBOX_HEAD;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.jsonEntry;
import static org.jooq.impl.DSL.jsonbObject;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import dev.agentserver.kit.db.tables.Routines;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.SQLDataType;
import org.jooq.types.DayToSecond;

/// The rows of the outbox.
final class OutboxStore {
  void insert(
      DSLContext db, UUID tenantId, UUID id, String type, String subjectId, Map<String, ?> data) {
    var entries =
        data.entrySet().stream().map(entry -> jsonEntry(entry.getKey(), val(entry.getValue())));
    db.insertInto(OUTBOX_FACT)
        .set(OUTBOX_FACT.TENANT_ID, tenantId)
        .set(OUTBOX_FACT.ID, id)
        .set(OUTBOX_FACT.TYPE, type)
        .set(OUTBOX_FACT.SUBJECT_ID, subjectId)
        .set(OUTBOX_FACT.DATA, jsonbObject(entries.toList()))
        .execute();
  }

  /// Numbers up to `batch` committed facts, and as many audit entries.
  ///
  /// @return the last position given to a fact, by whichever process
  long number(DSLContext db, int batch) {
    return db.select(Routines.numberFacts(val(batch)), Routines.numberAuditEntries(val(batch)))
        .fetchSingle()
        .value1();
  }

  List<Fact> after(DSLContext db, long position, int limit) {
    return db.select(
            OUTBOX_FACT.TENANT_ID,
            OUTBOX_FACT.ID,
            OUTBOX_FACT.POSITION,
            OUTBOX_FACT.TYPE,
            OUTBOX_FACT.SUBJECT_ID,
            OUTBOX_FACT.DATA.cast(SQLDataType.CLOB),
            OUTBOX_FACT.CREATED_AT)
        .from(OUTBOX_FACT)
        .where(OUTBOX_FACT.POSITION.gt(position))
        .orderBy(OUTBOX_FACT.POSITION)
        .limit(limit)
        .fetch(Records.mapping(Fact::new));
  }

  long head(DSLContext db) {
    return db.select(OUTBOX_HEAD.LAST_POSITION).from(OUTBOX_HEAD).fetchSingle().value1();
  }

  void register(DSLContext db, String consumer, long position) {
    db.insertInto(OUTBOX_CONSUMER)
        .set(OUTBOX_CONSUMER.CONSUMER, consumer)
        .set(OUTBOX_CONSUMER.POSITION, position)
        .set(OUTBOX_CONSUMER.ASKED_AT, currentOffsetDateTime())
        .onConflict(OUTBOX_CONSUMER.CONSUMER)
        .doUpdate()
        .set(OUTBOX_CONSUMER.POSITION, position)
        .set(OUTBOX_CONSUMER.ASKED_AT, currentOffsetDateTime())
        .execute();
  }

  /// Removes up to `limit` facts that are older than `age` and that every consumer has passed.
  int removePassed(DSLContext db, Duration age, int limit) {
    var passed =
        coalesce(
            field(select(min(OUTBOX_CONSUMER.POSITION)).from(OUTBOX_CONSUMER)),
            field(select(OUTBOX_HEAD.LAST_POSITION).from(OUTBOX_HEAD)));
    return db.deleteFrom(OUTBOX_FACT)
        .where(
            row(OUTBOX_FACT.TENANT_ID, OUTBOX_FACT.ID)
                .in(
                    select(OUTBOX_FACT.TENANT_ID, OUTBOX_FACT.ID)
                        .from(OUTBOX_FACT)
                        .where(OUTBOX_FACT.POSITION.le(passed))
                        .and(
                            OUTBOX_FACT.CREATED_AT.lt(
                                currentOffsetDateTime().minus(DayToSecond.valueOf(age))))
                        .orderBy(OUTBOX_FACT.POSITION)
                        .limit(limit)))
        .execute();
  }
}
