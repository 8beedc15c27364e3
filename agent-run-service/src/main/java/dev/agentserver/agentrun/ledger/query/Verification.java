package dev.agentserver.agentrun.ledger.query;

import dev.agentserver.agentrun.ledger.query.VerificationStore.Discrepancy;
import dev.agentserver.agentrun.ledger.query.VerificationStore.Extent;
import dev.agentserver.agentrun.ledger.rollup.Rollup;
import dev.agentserver.kit.db.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Proves that the ledger and everything that was added up of it agree.
public final class Verification {
  /// @param discrepancies the first hundred
  public record Result(List<Discrepancy> discrepancies, Extent extent) {}

  private static final int LIMIT = 100;

  private final Database database;
  private final VerificationStore store = new VerificationStore();

  public Verification(Database database) {
    this.database = database;
  }

  /// All of it at one moment, whatever is written meanwhile.
  public Result verify(UUID tenantId) {
    return database.snapshot(
        db -> {
          var found = new ArrayList<>(store.totals(db, tenantId, LIMIT));
          for (var rollup : Rollup.ALL) {
            found.addAll(store.compare(db, tenantId, rollup, LIMIT));
          }
          found.addAll(store.sessions(db, tenantId, LIMIT));
          found.addAll(store.budgets(db, tenantId, LIMIT));
          return new Result(found.stream().limit(LIMIT).toList(), store.extent(db, tenantId));
        });
  }
}
