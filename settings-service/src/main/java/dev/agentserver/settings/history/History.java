package dev.agentserver.settings.history;

import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.problem.Problem;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;

/// The revisions of one space, for whoever keeps its values: what there was, and the turn to make
/// another.
public final class History extends Past {
  private final Commits commits;

  /// @param commits is told of every revision
  public History(Space space, Commits commits) {
    super(space);
    this.commits = commits;
  }

  /// Takes the turn of a tenant: until the transaction ends nobody else makes a revision.
  public Turn begin(DSLContext db, UUID tenantId) {
    try {
      return new Turn(db, tenantId, store().lock(db, space(), tenantId), this);
    } catch (IntegrityConstraintViolationException e) {
      if (Constraints.violated(e).orElse("").equals("revision_head_organization_fk")) {
        throw new Problem.NotFound("organization", tenantId.toString()).raise();
      }
      throw e;
    }
  }

  Commits commits() {
    return commits;
  }
}
