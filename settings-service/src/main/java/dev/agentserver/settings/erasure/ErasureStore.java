package dev.agentserver.settings.erasure;

import static dev.agentserver.settings.db.Tables.ERASURE;
import static dev.agentserver.settings.db.Tables.ERASURE_REPORT;
import static dev.agentserver.settings.db.Tables.ERASURE_REPORT_TABLE;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;

import dev.agentserver.kit.erasure.ErasedTable;
import dev.agentserver.settings.erasure.Erasure.Report;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Records;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of erasures and of what became of them.
final class ErasureStore {
  /// This service, among those that report.
  static final String OWN = "settings-service";

  /// Whoever keeps anything of users and tenants.
  static final Set<String> SERVICES =
      Set.of(OWN, "conversation-service", "agent-run-service", "file-service");

  private static final Field<List<ErasedTable>> TABLES =
      multiset(
              select(
                      ERASURE_REPORT_TABLE.TABLE_NAME,
                      ERASURE_REPORT_TABLE.ROWS_REMOVED,
                      ERASURE_REPORT_TABLE.ROWS_CHANGED,
                      ERASURE_REPORT_TABLE.ROWS_REMAINING)
                  .from(ERASURE_REPORT_TABLE)
                  .where(ERASURE_REPORT_TABLE.TENANT_ID.eq(ERASURE_REPORT.TENANT_ID))
                  .and(ERASURE_REPORT_TABLE.ERASURE_ID.eq(ERASURE_REPORT.ERASURE_ID))
                  .and(ERASURE_REPORT_TABLE.SERVICE.eq(ERASURE_REPORT.SERVICE))
                  .orderBy(ERASURE_REPORT_TABLE.TABLE_NAME))
          .convertFrom(found -> found.map(Records.mapping(ErasedTable::new)));

  private static final Field<List<Report>> REPORTS =
      multiset(
              select(
                      ERASURE_REPORT.SERVICE,
                      ERASURE_REPORT.ROWS_REMOVED,
                      ERASURE_REPORT.ROWS_REMAINING,
                      ERASURE_REPORT.REPORTED_AT,
                      TABLES)
                  .from(ERASURE_REPORT)
                  .where(ERASURE_REPORT.TENANT_ID.eq(ERASURE.TENANT_ID))
                  .and(ERASURE_REPORT.ERASURE_ID.eq(ERASURE.ERASURE_ID))
                  .orderBy(ERASURE_REPORT.SERVICE))
          .convertFrom(
              found ->
                  found.map(
                      row ->
                          new Report(
                              row.value1(),
                              row.value2(),
                              row.value3(),
                              row.value4().toInstant(),
                              row.value5())));

  void insert(DSLContext db, UUID tenantId, UUID id, @Nullable UUID userId, UUID requestedBy) {
    db.insertInto(ERASURE)
        .set(ERASURE.TENANT_ID, tenantId)
        .set(ERASURE.ERASURE_ID, id)
        .set(ERASURE.USER_ID, userId)
        .set(ERASURE.REQUESTED_BY, requestedBy)
        .set(ERASURE.CREATED_AT, clock())
        .execute();
  }

  /// @param tenantId null: of any tenant
  Optional<Erasure> find(DSLContext db, @Nullable UUID tenantId, UUID id) {
    return db.select(ERASURE.ERASURE_ID, ERASURE.USER_ID, ERASURE.CREATED_AT, REPORTS)
        .from(ERASURE)
        .where(ERASURE.ERASURE_ID.eq(id))
        .and(tenantId == null ? noCondition() : ERASURE.TENANT_ID.eq(tenantId))
        .fetchOptional(
            row ->
                new Erasure(
                    row.value1(),
                    row.value2(),
                    complete(row.value4()),
                    row.value4(),
                    row.value3().toInstant()));
  }

  private static boolean complete(List<Report> reports) {
    return reports.stream()
        .filter(report -> report.rowsRemaining() == 0)
        .map(Report::service)
        .collect(Collectors.toSet())
        .containsAll(SERVICES);
  }

  /// Locks the erasure until the transaction ends; false when there is none.
  boolean lock(DSLContext db, UUID tenantId, UUID id) {
    return db.select(ERASURE.ERASURE_ID)
        .from(ERASURE)
        .where(ERASURE.TENANT_ID.eq(tenantId))
        .and(ERASURE.ERASURE_ID.eq(id))
        .forUpdate()
        .fetchOptional()
        .isPresent();
  }

  /// Replaces what the service reported before.
  void report(DSLContext db, UUID tenantId, UUID id, String service, List<ErasedTable> tables) {
    db.deleteFrom(ERASURE_REPORT)
        .where(ERASURE_REPORT.TENANT_ID.eq(tenantId))
        .and(ERASURE_REPORT.ERASURE_ID.eq(id))
        .and(ERASURE_REPORT.SERVICE.eq(service))
        .execute();
    db.insertInto(ERASURE_REPORT)
        .set(ERASURE_REPORT.TENANT_ID, tenantId)
        .set(ERASURE_REPORT.ERASURE_ID, id)
        .set(ERASURE_REPORT.SERVICE, service)
        .set(ERASURE_REPORT.ROWS_REMOVED, tables.stream().mapToLong(ErasedTable::removed).sum())
        .set(ERASURE_REPORT.ROWS_REMAINING, tables.stream().mapToLong(ErasedTable::remaining).sum())
        .set(ERASURE_REPORT.REPORTED_AT, clock())
        .execute();
    var row = ERASURE_REPORT_TABLE;
    var insert =
        db.insertInto(
            row,
            row.TENANT_ID,
            row.ERASURE_ID,
            row.SERVICE,
            row.TABLE_NAME,
            row.ROWS_REMOVED,
            row.ROWS_CHANGED,
            row.ROWS_REMAINING);
    for (var table : tables) {
      insert.values(
          tenantId, id, service, table.name(), table.removed(), table.changed(), table.remaining());
    }
    if (!tables.isEmpty()) {
      insert.execute();
    }
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
