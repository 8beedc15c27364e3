package dev.agentserver.settings.organization;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.idempotency.Attempt;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocation.Kind;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.erasure.Erasure;
import dev.agentserver.settings.erasure.Erasures;
import dev.agentserver.settings.revocation.Revocations;
import java.util.Map;
import java.util.UUID;

/// Erases tenants.
public final class Closing {
  private final Writes writes;
  private final AuditTrail audit;
  private final Erasures erasures;
  private final Revocations revocations;
  private final OrganizationStore store = new OrganizationStore();

  public Closing(Writes writes, AuditTrail audit, Erasures erasures, Revocations revocations) {
    this.writes = writes;
    this.audit = audit;
    this.erasures = erasures;
    this.revocations = revocations;
  }

  /// Everything of the tenant goes: here at once, elsewhere when the fact arrives.
  Erasure close(Caller caller, Attempt<Erasure> attempt, UUID id) {
    return writes.once(
        caller,
        attempt,
        db -> {
          var tenant = store.lock(db, id).orElseThrow(() -> Organizations.missing(id));
          if (tenant.platform()) {
            throw Problem.invalid("organization_id", "is the platform's own tenant, which stays");
          }
          var erasure = erasures.begin(db, caller, id, null);
          var changes = Map.of("erasure_id", erasure.id().toString());
          audit.record(
              db,
              caller,
              new AuditRecord(attempt.method(), Organizations.RESOURCE, id.toString(), changes));
          revocations.add(db, Kind.TENANT, id.toString());
          return erasure;
        });
  }
}
