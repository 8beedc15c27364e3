package dev.agentserver.settings.erasure;

import dev.agentserver.kit.db.tables.Tables;
import dev.agentserver.kit.erasure.ErasedTable;
import dev.agentserver.kit.erasure.RowStore;
import dev.agentserver.kit.erasure.Tally;
import dev.agentserver.settings.db.DefaultSchema;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// What this service keeps of users and tenants. What is said of an erasure outlives it: the
/// erasure, its reports, and the facts by which the others learn of it.
final class OwnRowStore {
  private static final Set<String> KEPT =
      Set.of("erasure", "erasure_report", "erasure_report_table", Tables.OUTBOX_FACT.getName());

  private static final int BATCH = 10_000;

  private final RowStore rows = new RowStore(DefaultSchema.DEFAULT_SCHEMA, KEPT);

  /// Removes everything.
  ///
  /// @param userId null: the whole tenant
  void remove(DSLContext db, UUID tenantId, @Nullable UUID userId, Tally removed) {
    if (userId == null) {
      while (rows.removeTenant(db, tenantId, BATCH, removed)) {
        // Until there is nothing.
      }
      return;
    }
    for (var table : rows.tables()) {
      while (rows.removeUser(db, table, tenantId, userId, BATCH, removed)) {
        // Until there is nothing.
      }
    }
  }

  /// What was removed, and what is found in each table now.
  List<ErasedTable> tables(DSLContext db, UUID tenantId, @Nullable UUID userId, Tally removed) {
    return rows.tables().stream()
        .map(
            table ->
                new ErasedTable(
                    table.getName(),
                    removed.removed(table),
                    0,
                    rows.remaining(db, table, tenantId, userId)))
        .toList();
  }
}
