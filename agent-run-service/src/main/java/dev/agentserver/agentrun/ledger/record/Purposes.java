package dev.agentserver.agentrun.ledger.record;

import dev.agentserver.agentrun.ledger.Attribution;
import dev.agentserver.agentrun.ledger.record.PurposeStore.RunFacts;
import dev.agentserver.agentrun.ledger.record.Report.Purpose;
import dev.agentserver.agentrun.session.Conversations;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Says who used something and what for: nobody's usage but what the caller may speak of.
public final class Purposes {
  /// @param late whether the lease, or the run, had ended
  public record Resolved(Attribution who, boolean late) {}

  private static final String WRITE = "usage:write";
  private static final String WORK = "run:work";

  private final Database database;
  private final Conversations conversations;
  private final PurposeStore store = new PurposeStore();

  public Purposes(Database database, Conversations conversations) {
    this.database = database;
    this.conversations = conversations;
  }

  /// Fails with NotFound or Denied where the caller may not speak of it.
  public Resolved resolve(Caller caller, Purpose purpose) {
    var scope = caller.run();
    if (scope != null) {
      if (purpose.runId() != null && !purpose.runId().equals(scope.runId())) {
        throw missing("run", purpose.runId());
      }
      return database
          .read(db -> store.run(db, caller.tenantId(), caller.principalId(), scope.runId()))
          .map(run -> ofRun(caller, run, scope.runId(), scope.leaseEpoch(), purpose))
          .orElseGet(() -> ofForgottenRun(caller, purpose));
    }
    if (!caller.may(WRITE) && !caller.mayAny(WRITE) && !caller.may(WORK)) {
      throw new Problem.Denied(WRITE).raise();
    }
    if (purpose.runId() == null) {
      return ofUser(caller, purpose);
    }
    var run =
        database
            .read(db -> store.run(db, caller.tenantId(), caller.principalId(), purpose.runId()))
            .filter(found -> mayTellOf(caller, found))
            .orElseThrow(() -> missing("run", purpose.runId()));
    return ofRun(caller, run, purpose.runId(), purpose.leaseEpoch(), purpose);
  }

  /// What a message was written for, as its service told at a time: the run whose token wrote it,
  /// or one that it names and its writer may speak of. A message stays where it is, whatever the
  /// run's conversation.
  ///
  /// @param userId the writer
  /// @param said of the run no lease: the message names it
  Resolved ofMessage(UUID tenantId, UUID userId, Purpose said, Instant at) {
    return database.read(
        db -> {
          var runId = said.runId();
          var told = said.leaseEpoch() > 0;
          var run =
              runId == null
                  ? null
                  : store
                      .run(db, tenantId, userId, runId)
                      .filter(found -> told || found.held() || found.userId().equals(userId))
                      .orElse(null);
          var agentId = said.agentId();
          if (run == null && agentId != null && !store.hasAgent(db, tenantId, userId, agentId)) {
            agentId = null;
          }
          var who =
              new Attribution(
                  tenantId,
                  run == null ? userId : run.userId(),
                  run == null ? agentId : run.agentId(),
                  run == null && !told ? null : runId,
                  null,
                  run == null ? null : run.sessionId(),
                  said.conversationId(),
                  run == null ? null : run.projectId(),
                  said.messageId());
          var late =
              run == null ? told : store.hadEnded(db, tenantId, runId, said.leaseEpoch(), at);
          return new Resolved(who, late);
        });
  }

  private static boolean mayTellOf(Caller caller, RunFacts run) {
    return run.held()
        || caller.mayAny(WRITE)
        || (caller.may(WRITE) && run.userId().equals(caller.principalId()));
  }

  private static Resolved ofRun(
      Caller caller, RunFacts run, UUID runId, long epoch, Purpose purpose) {
    var late = !run.state().leased() || (epoch != 0 && epoch != run.leaseEpoch());
    return new Resolved(
        new Attribution(
            Objects.requireNonNull(caller.tenantId()),
            run.userId(),
            run.agentId(),
            runId,
            purpose.stepKey(),
            run.sessionId(),
            run.conversationId(),
            run.projectId(),
            purpose.messageId()),
        late);
  }

  /// The run was deleted; what it used was billed all the same.
  private static Resolved ofForgottenRun(Caller caller, Purpose purpose) {
    var scope = Objects.requireNonNull(caller.run());
    return new Resolved(
        new Attribution(
            Objects.requireNonNull(caller.tenantId()),
            caller.principalId(),
            null,
            scope.runId(),
            purpose.stepKey(),
            scope.sessionId(),
            scope.conversationId(),
            null,
            purpose.messageId()),
        true);
  }

  private Resolved ofUser(Caller caller, Purpose purpose) {
    if (!caller.may(WRITE) && !caller.mayAny(WRITE)) {
      throw new Problem.Denied(WRITE).raise();
    }
    var userId = purpose.userId() == null ? caller.principalId() : purpose.userId();
    if (!userId.equals(caller.principalId()) && !caller.mayAny(WRITE)) {
      throw new Problem.Denied(WRITE + "_any").raise();
    }
    UUID conversationId = purpose.conversationId();
    UUID projectId = purpose.projectId();
    if (projectId != null && !database.read(db -> store.hasProject(db, caller, projectId))) {
      throw missing("project", projectId);
    }
    if (conversationId != null) {
      conversations.require(conversationId);
    }
    requireAgent(caller, purpose.agentId());
    UUID belongsTo = projectId;
    UUID speaksIn = conversationId;
    var sessionId = purpose.sessionId();
    if (sessionId != null) {
      var session =
          database
              .read(db -> store.session(db, caller, sessionId))
              .orElseThrow(() -> missing("session", sessionId));
      belongsTo = or(projectId, session.projectId());
      speaksIn = or(conversationId, session.conversationId());
    }
    return new Resolved(
        new Attribution(
            Objects.requireNonNull(caller.tenantId()),
            userId,
            purpose.agentId(),
            null,
            null,
            sessionId,
            speaksIn,
            belongsTo,
            purpose.messageId()),
        false);
  }

  /// It counts in the agent's budgets: nobody's but of an agent that the caller may use.
  private void requireAgent(Caller caller, @Nullable UUID agentId) {
    var tenant = Objects.requireNonNull(caller.tenantId());
    if (agentId != null
        && !caller.mayAny(WRITE)
        && !database.read(db -> store.hasAgent(db, tenant, caller.principalId(), agentId))) {
      throw missing("agent", agentId);
    }
  }

  private static @Nullable UUID or(@Nullable UUID said, @Nullable UUID known) {
    return said == null ? known : said;
  }

  private static RuntimeException missing(String resource, UUID id) {
    return new Problem.NotFound(resource, id.toString()).raise();
  }
}
