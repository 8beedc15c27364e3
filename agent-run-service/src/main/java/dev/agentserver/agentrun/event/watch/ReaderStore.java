package dev.agentserver.agentrun.event.watch;

import static dev.agentserver.agentrun.db.Tables.RUN;
import static dev.agentserver.agentrun.db.Tables.SESSION;
import static org.jooq.impl.DSL.noCondition;

import dev.agentserver.agentrun.event.Filter;
import dev.agentserver.agentrun.event.Subject;
import dev.agentserver.agentrun.event.Subject.Kind;
import dev.agentserver.agentrun.event.watch.Frame.RunState;
import dev.agentserver.agentrun.event.watch.Frame.SessionState;
import dev.agentserver.kit.identity.Caller;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jspecify.annotations.Nullable;

/// What following asks of the database besides the events themselves.
final class ReaderStore {
  private static final String RUN_READ = "run:read";
  private static final String SESSION_READ = "session:read";

  /// What the caller may follow of a target; empty where there is none for the caller.
  Optional<Readable> find(DSLContext db, Caller caller, Target target) {
    return switch (target) {
      case Target.OfRun(var id) ->
          db.select(RUN.RUN_ID, RUN.SESSION_ID, RUN.CONVERSATION_ID)
              .from(RUN)
              .where(run(caller.tenantId(), id))
              .and(mayRead(caller))
              .fetchOptional(Records.mapping(Subject::ofRun))
              .map(subject -> new Readable(subject, new Filter(id, null)));
      case Target.OfSession(var id) ->
          db.fetchExists(SESSION, session(caller.tenantId(), id).and(owned(caller)))
              ? Optional.of(new Readable(Subject.session(id), new Filter(null, null)))
              : Optional.empty();
      case Target.OfConversation(var id) ->
          db.fetchExists(RUN, conversation(caller.tenantId(), id).and(mayRead(caller)))
              ? Optional.of(new Readable(new Subject(Kind.CONVERSATION, id), own(caller)))
              : Optional.empty();
    };
  }

  /// Whether the target is there, whoever asks.
  boolean exists(DSLContext db, UUID tenantId, Target target) {
    return switch (target) {
      case Target.OfRun(var id) -> db.fetchExists(RUN, run(tenantId, id));
      case Target.OfSession(var id) -> db.fetchExists(SESSION, session(tenantId, id));
      case Target.OfConversation(var id) -> db.fetchExists(RUN, conversation(tenantId, id));
    };
  }

  /// The newest run of an agent that the caller may read.
  Optional<UUID> newestOf(DSLContext db, Caller caller, UUID agentId) {
    return db.select(RUN.RUN_ID)
        .from(RUN)
        .where(RUN.TENANT_ID.eq(caller.tenantId()))
        .and(RUN.AGENT_ID.eq(agentId))
        .and(mayRead(caller))
        .orderBy(RUN.CREATED_AT.desc(), RUN.RUN_ID.desc())
        .limit(1)
        .fetchOptional(RUN.RUN_ID);
  }

  /// What the session is doing that a stream is of; null where it is of none.
  @Nullable SessionState session(DSLContext db, UUID tenantId, Readable read) {
    return read.subject().kind() != Kind.SESSION
        ? null
        : db.select(SESSION.SESSION_ID, SESSION.STATE, SESSION.PHASE)
            .from(SESSION)
            .where(session(tenantId, read.subject().id()))
            .fetchOne(Records.mapping(SessionState::new));
  }

  /// What the newest runs are doing that the reader follows.
  List<RunState> runs(DSLContext db, UUID tenantId, Readable read, int limit) {
    var id = read.subject().id();
    var of =
        switch (read.subject().kind()) {
          case SESSION -> RUN.TENANT_ID.eq(tenantId).and(RUN.SESSION_ID.eq(id));
          case CONVERSATION -> conversation(tenantId, id);
          case RUN -> run(tenantId, id);
        };
    var filter = read.filter();
    return db.select(RUN.RUN_ID, RUN.STATE)
        .from(RUN)
        .where(of)
        .and(filter.runId() == null ? noCondition() : RUN.RUN_ID.eq(filter.runId()))
        .and(filter.userId() == null ? noCondition() : RUN.USER_ID.eq(filter.userId()))
        .orderBy(RUN.CREATED_AT.desc(), RUN.RUN_ID.desc())
        .limit(limit)
        .fetch(Records.mapping(RunState::new));
  }

  private static Condition run(UUID tenantId, UUID id) {
    return RUN.TENANT_ID.eq(tenantId).and(RUN.RUN_ID.eq(id));
  }

  private static Condition session(UUID tenantId, UUID id) {
    return SESSION.TENANT_ID.eq(tenantId).and(SESSION.SESSION_ID.eq(id));
  }

  private static Condition conversation(UUID tenantId, UUID id) {
    return RUN.TENANT_ID.eq(tenantId).and(RUN.CONVERSATION_ID.eq(id)).and(RUN.SESSION_ID.isNull());
  }

  private static Condition mayRead(Caller caller) {
    return caller.mayAny(RUN_READ) ? noCondition() : RUN.USER_ID.eq(caller.principalId());
  }

  private static Condition owned(Caller caller) {
    return caller.mayAny(SESSION_READ) ? noCondition() : SESSION.OWNER_ID.eq(caller.principalId());
  }

  private static Filter own(Caller caller) {
    return new Filter(null, caller.mayAny(RUN_READ) ? null : caller.principalId());
  }
}
