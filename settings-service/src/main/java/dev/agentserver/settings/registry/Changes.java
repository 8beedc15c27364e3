package dev.agentserver.settings.registry;

import dev.agentserver.kit.db.Constraints;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.Bells;
import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.eventlog.Subscription;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The changes of tenants' registries: they follow each other, and whoever holds something in
/// memory learns of them.
public final class Changes {
  private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

  /// One bell for all tenants; the streams of the history have the numbers below.
  private static final StreamKey BELL = new StreamKey(new UUID(0, 0), new UUID(0, 1_000));

  private final Bells bells;
  private final List<TenantSnapshots<?>> snapshots;
  private final HeadStore heads = new HeadStore();

  /// @param snapshots what is read again after a change
  public Changes(Bells bells, List<TenantSnapshots<?>> snapshots) {
    this.bells = bells;
    this.snapshots = List.copyOf(snapshots);
  }

  /// Begins a change of what the tenant has: until the transaction ends nobody else makes one.
  /// Whoever makes it sees it made at once, the others of this process with them, those of other
  /// processes soon.
  public void begin(DSLContext db, UUID tenantId) {
    try {
      var number = heads.next(db, tenantId);
      Database.afterCommit(db, () -> refresh(tenantId));
      bells.ring(db, BELL, number);
    } catch (IntegrityConstraintViolationException e) {
      if (Constraints.violated(e).orElse("").equals("registry_head_organization_fk")) {
        throw new Problem.NotFound("organization", tenantId.toString()).raise();
      }
      throw e;
    }
  }

  /// Fails with TOO_MANY where a tenant has as many of something as it may.
  public static void requireRoom(String resource, long count, long limit) {
    if (count >= limit) {
      throw new Problem.Refused(
              "TOO_MANY",
              "the tenant may have " + limit + " of: " + resource,
              Map.of("resource", resource, "limit", Long.toString(limit)))
          .raise();
    }
  }

  Subscription subscribe() {
    return bells.subscribe(BELL);
  }

  List<TenantSnapshots<?>> snapshots() {
    return snapshots;
  }

  private void refresh(UUID tenantId) {
    try {
      snapshots.forEach(each -> each.refresh(tenantId));
    } catch (RuntimeException later) {
      LOG.debug("the registry is read a little later", later);
    }
  }
}
