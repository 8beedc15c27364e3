package dev.agentserver.settings.reveal;

import dev.agentserver.kit.audit.AuditRecord;
import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.settings.credential.Credential;
import dev.agentserver.settings.credential.Credential.State;
import dev.agentserver.settings.credential.Credentials;
import dev.agentserver.settings.credential.Opened;
import dev.agentserver.settings.credential.Owner;
import dev.agentserver.settings.run.RunGrant;
import dev.agentserver.settings.run.RunGrants;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Gives secrets away. What goes out is in the audit trail before.
///
/// Master keys and agent-run-service are asked outside of transactions.
public final class Reveals {
  private final Database database;
  private final AuditTrail audit;
  private final Credentials credentials;
  private final RunGrants grants;
  private final OwnerStore store = new OwnerStore();

  Reveals(Database database, AuditTrail audit, Credentials credentials, RunGrants grants) {
    this.database = database;
    this.audit = audit;
    this.credentials = credentials;
    this.grants = grants;
  }

  /// To a service of the system.
  ///
  /// @param field empty: all that can be had
  List<Opened> reveal(Caller service, String method, UUID tenantId, Owner owner, String field) {
    return open(service.in(tenantId), method, owner, field);
  }

  /// To a run, as far as its agent names what it asks for, and as long as its lease is live.
  ///
  /// @param field empty: all that can be had
  List<Opened> revealForRun(Caller caller, String method, Owner owner, String field) {
    var grant = grant(caller, method);
    if (!names(grant, caller.tenantId(), owner)) {
      throw new Problem.Denied("run:" + resource(owner)).raise();
    }
    return open(caller, method, owner, field);
  }

  private RunGrant grant(Caller caller, String method) {
    try {
      return grants.require(caller);
    } catch (ProblemException refused) {
      if (refused.problem() instanceof Problem.Refused(var reason, _, _)) {
        audit.refused(caller, method, reason, "");
      }
      throw refused;
    }
  }

  private boolean names(RunGrant grant, UUID tenantId, Owner owner) {
    return switch (owner) {
      case Owner.Provider(var id) ->
          database
              .read(db -> store.providerName(db, tenantId, id))
              .filter(grant.providers()::contains)
              .isPresent();
      case Owner.Integration(var id) -> grant.integrations().contains(id);
    };
  }

  private List<Opened> open(Caller caller, String method, Owner owner, String field) {
    var tenantId =
        database
            .read(db -> store.tenantOf(db, caller.tenantId(), owner))
            .orElseThrow(
                () -> new Problem.NotFound(resource(owner), owner.id().toString()).raise());
    var opened =
        which(of(tenantId, owner), field).stream()
            .map(each -> credentials.open(tenantId, each.id()))
            .toList();
    database.write(
        db -> {
          opened.forEach(each -> audit.record(db, caller, entry(method, each.credential())));
          return true;
        });
    return opened;
  }

  private List<Credential> of(UUID tenantId, Owner owner) {
    return switch (owner) {
      case Owner.Provider(var id) -> credentials.ofProvider(tenantId, id);
      case Owner.Integration(var id) -> credentials.ofIntegration(tenantId, id);
    };
  }

  /// Whoever names a field is told why it cannot be had; else one that is of no use is left out.
  private static List<Credential> which(List<Credential> all, String field) {
    if (field.isEmpty()) {
      return all.stream().filter(each -> each.state() == State.ACTIVE).toList();
    }
    var named = all.stream().filter(each -> each.field().equals(field)).toList();
    if (named.isEmpty()) {
      throw new Problem.NotFound("credential", field).raise();
    }
    return named;
  }

  private static AuditRecord entry(String method, Credential credential) {
    return new AuditRecord(
        method, "credential", credential.id().toString(), Map.of("field", credential.field()));
  }

  private static String resource(Owner owner) {
    return switch (owner) {
      case Owner.Provider _ -> "provider";
      case Owner.Integration _ -> "integration";
    };
  }
}
