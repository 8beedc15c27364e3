package dev.agentserver.kit.audit;

import static dev.agentserver.kit.db.tables.Tables.AUDIT_ENTRY;
import static dev.agentserver.kit.db.tables.Tables.REFUSAL_COUNT;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.jsonEntry;
import static org.jooq.impl.DSL.jsonbObject;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import dev.agentserver.kit.audit.AuditEntry.Outcome;
import dev.agentserver.kit.audit.AuditTrail.Checked;
import dev.agentserver.kit.db.tables.Routines;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.SQLDataType;
import org.jooq.types.DayToSecond;
import org.jspecify.annotations.Nullable;

/// The rows of the trail and the counts of refusals.
final class AuditStore {
  /// What an entry holds; time, position and hash are the database's to say.
  record NewEntry(
      UUID tenantId,
      UUID id,
      UUID actorId,
      String credentialId,
      AuditRecord what,
      Outcome outcome,
      String reason,
      byte[] salt,
      Map<String, String> hashes,
      String requestId) {}

  /// Refusals that are counted together.
  record RefusalKey(Instant minute, String reason, String address) {}

  void insert(DSLContext db, NewEntry entry) {
    var hashes =
        entry.hashes().entrySet().stream()
            .map(change -> jsonEntry(change.getKey(), val(change.getValue())));
    db.insertInto(AUDIT_ENTRY)
        .set(AUDIT_ENTRY.TENANT_ID, entry.tenantId())
        .set(AUDIT_ENTRY.ID, entry.id())
        .set(AUDIT_ENTRY.ACTOR_ID, entry.actorId())
        .set(AUDIT_ENTRY.CREDENTIAL_ID, entry.credentialId())
        .set(AUDIT_ENTRY.ACTION, entry.what().action())
        .set(AUDIT_ENTRY.RESOURCE, entry.what().resource())
        .set(AUDIT_ENTRY.RESOURCE_ID, entry.what().resourceId())
        .set(AUDIT_ENTRY.OUTCOME, entry.outcome().name())
        .set(AUDIT_ENTRY.REASON, entry.reason())
        .set(AUDIT_ENTRY.SALT, entry.salt())
        .set(AUDIT_ENTRY.CHANGES, jsonbObject(hashes.toList()))
        .set(AUDIT_ENTRY.REQUEST_ID, entry.requestId())
        .execute();
  }

  List<AuditEntry> newest(
      DSLContext db, UUID tenantId, AuditFilter filter, @Nullable AuditPlace after, int limit) {
    return db.select(
            AUDIT_ENTRY.ID,
            coalesce(AUDIT_ENTRY.POSITION, 0L),
            AUDIT_ENTRY.ACTOR_ID,
            AUDIT_ENTRY.CREDENTIAL_ID,
            AUDIT_ENTRY.ACTION,
            AUDIT_ENTRY.RESOURCE,
            AUDIT_ENTRY.RESOURCE_ID,
            AUDIT_ENTRY.OUTCOME.convertFrom(Outcome::valueOf),
            AUDIT_ENTRY.REASON,
            AUDIT_ENTRY.CHANGES.cast(SQLDataType.CLOB),
            AUDIT_ENTRY.REQUEST_ID,
            AUDIT_ENTRY.CREATED_AT,
            AUDIT_ENTRY.ROW_HASH)
        .from(AUDIT_ENTRY)
        .where(AUDIT_ENTRY.TENANT_ID.eq(tenantId))
        .and(wanted(filter))
        .and(
            after == null
                ? noCondition()
                : row(AUDIT_ENTRY.CREATED_AT, AUDIT_ENTRY.ID).lt(after.createdAt(), after.id()))
        .orderBy(AUDIT_ENTRY.CREATED_AT.desc(), AUDIT_ENTRY.ID.desc())
        .limit(limit)
        .fetch(Records.mapping(AuditEntry::new));
  }

  /// Checks up to `batch` numbered entries after a position.
  Checked faults(DSLContext db, long after, int batch) {
    var faults = Routines.auditFaults(after, batch);
    return db.select(
            faults.CHECKED_THROUGH,
            faults.FAULT,
            faults.FAULT_POSITION,
            faults.FAULT_TENANT_ID,
            faults.FAULT_ENTRY_ID)
        .from(faults)
        .fetchSingle(
            row ->
                new Checked(
                    row.value1(),
                    row.value2() == null
                        ? null
                        : new AuditFault(
                            AuditFault.Kind.valueOf(row.value2()),
                            row.value3() == null ? 0 : row.value3(),
                            row.value4(),
                            row.value5())));
  }

  private static Condition wanted(AuditFilter filter) {
    var wanted = noCondition();
    if (filter.actorId() != null) {
      wanted = wanted.and(AUDIT_ENTRY.ACTOR_ID.eq(filter.actorId()));
    }
    if (filter.resource() != null) {
      wanted = wanted.and(AUDIT_ENTRY.RESOURCE.eq(filter.resource()));
    }
    if (filter.resourceId() != null) {
      wanted = wanted.and(AUDIT_ENTRY.RESOURCE_ID.eq(filter.resourceId()));
    }
    if (filter.action() != null) {
      wanted = wanted.and(AUDIT_ENTRY.ACTION.eq(filter.action()));
    }
    if (filter.outcome() != null) {
      wanted = wanted.and(AUDIT_ENTRY.OUTCOME.eq(filter.outcome().name()));
    }
    if (filter.from() != null) {
      wanted = wanted.and(AUDIT_ENTRY.CREATED_AT.ge(filter.from().atOffset(ZoneOffset.UTC)));
    }
    if (filter.until() != null) {
      wanted = wanted.and(AUDIT_ENTRY.CREATED_AT.lt(filter.until().atOffset(ZoneOffset.UTC)));
    }
    return wanted;
  }

  void count(DSLContext db, Map<RefusalKey, Long> counts) {
    var insert =
        db.insertInto(
            REFUSAL_COUNT,
            REFUSAL_COUNT.MINUTE,
            REFUSAL_COUNT.REASON,
            REFUSAL_COUNT.ADDRESS,
            REFUSAL_COUNT.COUNT);
    counts.forEach(
        (key, count) ->
            insert.values(
                key.minute().atOffset(ZoneOffset.UTC), key.reason(), key.address(), count));
    insert
        .onConflict(REFUSAL_COUNT.MINUTE, REFUSAL_COUNT.REASON, REFUSAL_COUNT.ADDRESS)
        .doUpdate()
        .set(REFUSAL_COUNT.COUNT, REFUSAL_COUNT.COUNT.plus(excluded(REFUSAL_COUNT.COUNT)))
        .execute();
  }

  List<Refusals> counted(DSLContext db, @Nullable RefusalPlace after, int limit) {
    return db.select(
            REFUSAL_COUNT.MINUTE, REFUSAL_COUNT.REASON, REFUSAL_COUNT.ADDRESS, REFUSAL_COUNT.COUNT)
        .from(REFUSAL_COUNT)
        .where(
            after == null
                ? noCondition()
                : row(REFUSAL_COUNT.MINUTE, REFUSAL_COUNT.REASON, REFUSAL_COUNT.ADDRESS)
                    .lt(after.minute(), after.reason(), after.address()))
        .orderBy(
            REFUSAL_COUNT.MINUTE.desc(), REFUSAL_COUNT.REASON.desc(), REFUSAL_COUNT.ADDRESS.desc())
        .limit(limit)
        .fetch(Records.mapping(Refusals::new));
  }

  void forgetCounts(DSLContext db, Duration age) {
    db.deleteFrom(REFUSAL_COUNT)
        .where(REFUSAL_COUNT.MINUTE.lt(currentOffsetDateTime().minus(DayToSecond.valueOf(age))))
        .execute();
  }
}
