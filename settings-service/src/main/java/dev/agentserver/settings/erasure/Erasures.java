package dev.agentserver.settings.erasure;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.erasure.ErasedTable;
import dev.agentserver.kit.erasure.Tally;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.outbox.Outbox;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Erases users and tenants: here at once, in the other services when they learn the fact
/// `user.erased` or `tenant.erased`, whose data is {erasure_id}.
public final class Erasures {
  private static final String RESOURCE = "erasure";

  private final Database database;
  private final Outbox outbox;
  private final Ids ids;
  private final ErasureStore store = new ErasureStore();
  private final OwnRowStore own = new OwnRowStore();

  public Erasures(Database database, Outbox outbox, Ids ids) {
    this.database = database;
    this.outbox = outbox;
    this.ids = ids;
  }

  /// Removes what this service keeps, in the transaction, and tells the others.
  ///
  /// @param userId null: the whole tenant
  public Erasure begin(DSLContext db, Caller caller, UUID tenantId, @Nullable UUID userId) {
    var id = ids.next();
    store.insert(db, tenantId, id, userId, caller.principalId());
    var removed = new Tally();
    own.remove(db, tenantId, userId, removed);
    store.report(db, tenantId, id, ErasureStore.OWN, own.tables(db, tenantId, userId, removed));
    outbox.publish(
        db,
        tenantId,
        userId == null ? "tenant.erased" : "user.erased",
        (userId == null ? tenantId : userId).toString(),
        Map.of("erasure_id", id.toString()));
    return find(db, tenantId, id).orElseThrow();
  }

  /// A service says what it has removed and what it still finds; what it said before is replaced.
  void report(UUID tenantId, UUID id, String service, List<ErasedTable> tables) {
    if (!ErasureStore.SERVICES.contains(service) || service.equals(ErasureStore.OWN)) {
      throw Problem.invalid("service", "is not one that reports");
    }
    database.write(
        db -> {
          if (!store.lock(db, tenantId, id)) {
            throw new Problem.NotFound(RESOURCE, id.toString()).raise();
          }
          store.report(db, tenantId, id, service, tables);
          return true;
        });
  }

  /// Any for who may read the platform's; else one of the caller's tenant.
  public Erasure get(Caller caller, UUID id) {
    var anywhere = caller.may("platform:read");
    if (!anywhere && !caller.may("access:read")) {
      throw new Problem.Denied("access:read").raise();
    }
    return database
        .read(db -> find(db, anywhere ? null : caller.tenantId(), id))
        .orElseThrow(() -> new Problem.NotFound(RESOURCE, id.toString()).raise());
  }

  private Optional<Erasure> find(DSLContext db, @Nullable UUID tenantId, UUID id) {
    return store.find(db, tenantId, id);
  }
}
