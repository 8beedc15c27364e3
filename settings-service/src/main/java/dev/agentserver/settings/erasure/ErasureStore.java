package dev.agentserver.settings.erasure;

import static dev.agentserver.settings.db.Tables.API_KEY;
import static dev.agentserver.settings.db.Tables.CHAT_SETTINGS;
import static dev.agentserver.settings.db.Tables.CHAT_SETTINGS_AGENT;
import static dev.agentserver.settings.db.Tables.CHAT_SETTINGS_TOOL;
import static dev.agentserver.settings.db.Tables.ERASURE;
import static dev.agentserver.settings.db.Tables.ERASURE_REPORT;
import static dev.agentserver.settings.db.Tables.ORGANIZATION;
import static dev.agentserver.settings.db.Tables.ROLE;
import static dev.agentserver.settings.db.Tables.ROLE_PERMISSION;
import static dev.agentserver.settings.db.Tables.USER_ACCOUNT;
import static dev.agentserver.settings.db.Tables.USER_ROLE;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.select;

import dev.agentserver.settings.erasure.Erasure.Report;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of erasures, and the removal of this service's own.
final class ErasureStore {
  /// This service, among those that report.
  static final String OWN = "settings-service";

  /// Whoever keeps anything of users and tenants.
  private static final Set<String> SERVICES = Set.of(OWN, "conversation-service");

  private static final Field<List<Report>> REPORTS =
      multiset(
              select(
                      ERASURE_REPORT.SERVICE,
                      ERASURE_REPORT.ROWS_REMOVED,
                      ERASURE_REPORT.ROWS_REMAINING,
                      ERASURE_REPORT.REPORTED_AT)
                  .from(ERASURE_REPORT)
                  .where(ERASURE_REPORT.TENANT_ID.eq(ERASURE.TENANT_ID))
                  .and(ERASURE_REPORT.ERASURE_ID.eq(ERASURE.ERASURE_ID))
                  .orderBy(ERASURE_REPORT.SERVICE))
          .convertFrom(
              found ->
                  found.map(
                      row ->
                          new Report(
                              row.value1(), row.value2(), row.value3(), row.value4().toInstant())));

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

  void report(DSLContext db, UUID tenantId, UUID id, String service, long removed, long remaining) {
    db.insertInto(ERASURE_REPORT)
        .set(ERASURE_REPORT.TENANT_ID, tenantId)
        .set(ERASURE_REPORT.ERASURE_ID, id)
        .set(ERASURE_REPORT.SERVICE, service)
        .set(ERASURE_REPORT.ROWS_REMOVED, removed)
        .set(ERASURE_REPORT.ROWS_REMAINING, remaining)
        .set(ERASURE_REPORT.REPORTED_AT, clock())
        .execute();
  }

  /// Returns how many rows there were.
  long removeUser(DSLContext db, UUID tenantId, UUID userId) {
    var tool = CHAT_SETTINGS_TOOL;
    var agent = CHAT_SETTINGS_AGENT;
    return db.deleteFrom(tool)
            .where(tool.TENANT_ID.eq(tenantId).and(tool.USER_ID.eq(userId)))
            .execute()
        + db.deleteFrom(agent)
            .where(agent.TENANT_ID.eq(tenantId).and(agent.USER_ID.eq(userId)))
            .execute()
        + db.deleteFrom(CHAT_SETTINGS)
            .where(CHAT_SETTINGS.TENANT_ID.eq(tenantId).and(CHAT_SETTINGS.USER_ID.eq(userId)))
            .execute()
        + db.deleteFrom(API_KEY)
            .where(API_KEY.TENANT_ID.eq(tenantId).and(API_KEY.USER_ID.eq(userId)))
            .execute()
        + db.deleteFrom(USER_ROLE)
            .where(USER_ROLE.TENANT_ID.eq(tenantId).and(USER_ROLE.USER_ID.eq(userId)))
            .execute()
        + db.deleteFrom(USER_ACCOUNT)
            .where(USER_ACCOUNT.TENANT_ID.eq(tenantId).and(USER_ACCOUNT.USER_ID.eq(userId)))
            .execute();
  }

  /// Returns how many rows there were.
  long removeTenant(DSLContext db, UUID tenantId) {
    var removed = 0;
    for (var table :
        List.of(CHAT_SETTINGS_TOOL, CHAT_SETTINGS_AGENT, CHAT_SETTINGS, API_KEY, USER_ROLE)) {
      removed += db.deleteFrom(table).where(tenantOf(table).eq(tenantId)).execute();
    }
    for (var table : List.of(USER_ACCOUNT, ROLE_PERMISSION, ROLE, ORGANIZATION)) {
      removed += db.deleteFrom(table).where(tenantOf(table).eq(tenantId)).execute();
    }
    return removed;
  }

  /// The rows that are still there; those of other tables cannot be without one of these.
  long remaining(DSLContext db, UUID tenantId, @Nullable UUID userId) {
    return userId == null
        ? db.fetchCount(ORGANIZATION, ORGANIZATION.TENANT_ID.eq(tenantId))
        : db.fetchCount(
            USER_ACCOUNT, USER_ACCOUNT.TENANT_ID.eq(tenantId).and(USER_ACCOUNT.USER_ID.eq(userId)));
  }

  private static Field<UUID> tenantOf(org.jooq.Table<?> table) {
    return table.field(ORGANIZATION.TENANT_ID);
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
