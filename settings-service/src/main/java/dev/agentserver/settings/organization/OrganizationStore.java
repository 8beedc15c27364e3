package dev.agentserver.settings.organization;

import static dev.agentserver.settings.db.Tables.ORGANIZATION;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of tenants.
final class OrganizationStore {
  private static final List<Field<?>> COLUMNS =
      List.of(
          ORGANIZATION.TENANT_ID,
          ORGANIZATION.NAME,
          ORGANIZATION.PLATFORM,
          ORGANIZATION.VERSION,
          ORGANIZATION.CREATED_AT,
          ORGANIZATION.UPDATED_AT);

  /// The sort key of a row: what a page token holds.
  record Position(Instant createdAt, UUID id) {}

  void insert(DSLContext db, UUID id, String name) {
    db.insertInto(ORGANIZATION)
        .set(ORGANIZATION.TENANT_ID, id)
        .set(ORGANIZATION.NAME, name)
        .set(ORGANIZATION.PLATFORM, false)
        .set(ORGANIZATION.VERSION, 1L)
        .set(ORGANIZATION.CREATED_AT, clock())
        .set(ORGANIZATION.UPDATED_AT, clock())
        .execute();
  }

  Optional<Organization> find(DSLContext db, UUID id) {
    return db.select(COLUMNS)
        .from(ORGANIZATION)
        .where(ORGANIZATION.TENANT_ID.eq(id))
        .fetchOptional(OrganizationStore::organization);
  }

  /// Locked until the transaction ends.
  Optional<Organization> lock(DSLContext db, UUID id) {
    return db.select(COLUMNS)
        .from(ORGANIZATION)
        .where(ORGANIZATION.TENANT_ID.eq(id))
        .forUpdate()
        .fetchOptional(OrganizationStore::organization);
  }

  List<Organization> list(DSLContext db, @Nullable Position after, int limit) {
    return db.select(COLUMNS)
        .from(ORGANIZATION)
        .where(
            after == null
                ? noCondition()
                : row(ORGANIZATION.CREATED_AT, ORGANIZATION.TENANT_ID)
                    .gt(row(val(after.createdAt().atOffset(ZoneOffset.UTC)), val(after.id()))))
        .orderBy(ORGANIZATION.CREATED_AT, ORGANIZATION.TENANT_ID)
        .limit(limit)
        .fetch(OrganizationStore::organization);
  }

  Organization rename(DSLContext db, UUID id, String name) {
    return db.update(ORGANIZATION)
        .set(ORGANIZATION.NAME, name)
        .set(ORGANIZATION.VERSION, ORGANIZATION.VERSION.plus(1))
        .set(ORGANIZATION.UPDATED_AT, clock())
        .where(ORGANIZATION.TENANT_ID.eq(id))
        .returningResult(COLUMNS)
        .fetchSingle(OrganizationStore::organization);
  }

  private static Organization organization(Record found) {
    return new Organization(
        found.get(ORGANIZATION.TENANT_ID),
        found.get(ORGANIZATION.NAME),
        found.get(ORGANIZATION.PLATFORM),
        found.get(ORGANIZATION.VERSION),
        found.get(ORGANIZATION.CREATED_AT).toInstant(),
        found.get(ORGANIZATION.UPDATED_AT).toInstant());
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
