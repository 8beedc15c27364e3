package dev.agentserver.conversation.hold;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Holds conversations of the tenant, and lets them go. Whoever may hold may hold any: what a court
/// asks for is not what one is a member of.
public final class LegalHolds {
  private static final String RESOURCE = "conversation";

  private final Database database;
  private final AuditTrail audit;
  private final LegalHoldStore store = new LegalHoldStore();

  public LegalHolds(Database database, AuditTrail audit) {
    this.database = database;
    this.audit = audit;
  }

  LegalHold place(Caller caller, String action, UUID conversationId, String reason) {
    return database.write(
        db -> {
          if (!store.lock(db, caller.tenantId(), conversationId)) {
            throw new Problem.NotFound(RESOURCE, conversationId.toString()).raise();
          }
          var hold = store.place(db, caller.tenantId(), conversationId, reason);
          audit.record(db, caller, record(action, conversationId, Map.of("reason", reason)));
          return hold;
        });
  }

  /// One that is released already stays so.
  boolean release(Caller caller, String action, UUID conversationId) {
    return database.write(
        db -> {
          if (!store.lock(db, caller.tenantId(), conversationId)) {
            throw new Problem.NotFound(RESOURCE, conversationId.toString()).raise();
          }
          var released = store.release(db, caller.tenantId(), conversationId);
          if (released) {
            audit.record(db, caller, record(action, conversationId, Map.of()));
          }
          return released;
        });
  }

  /// @param owner of this owner's; null: of everybody's
  /// @param after the last one of the page before; null: from the first
  List<LegalHold> list(Caller caller, @Nullable UUID owner, @Nullable UUID after, int limit) {
    return database.read(db -> store.list(db, caller.tenantId(), owner, after, limit));
  }

  private static AuditRecord record(
      String action, UUID conversationId, Map<String, String> changes) {
    return new AuditRecord(action, RESOURCE, conversationId.toString(), changes);
  }
}
