package dev.agentserver.agentrun.session;

import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.v1.ArtifactServiceGrpc;
import dev.agentserver.agentrun.v1.ArtifactServiceGrpc.ArtifactServiceBlockingStub;
import dev.agentserver.agentrun.v1.CheckpointServiceGrpc;
import dev.agentserver.agentrun.v1.CheckpointServiceGrpc.CheckpointServiceBlockingStub;
import dev.agentserver.agentrun.v1.CreateSessionRequest;
import dev.agentserver.agentrun.v1.GetSessionRequest;
import dev.agentserver.agentrun.v1.ProjectServiceGrpc;
import dev.agentserver.agentrun.v1.ProjectServiceGrpc.ProjectServiceBlockingStub;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.SessionServiceGrpc;
import dev.agentserver.agentrun.v1.SessionServiceGrpc.SessionServiceBlockingStub;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.RunScope;
import io.grpc.Channel;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// A service with people who work with sessions.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class Scenes {
  protected static final UUID TENANT = UUID.randomUUID();

  protected Harness service;
  protected Somebody alice;
  protected Somebody bob;
  protected Somebody owner;

  /// Somebody who calls, with their stubs.
  public record Somebody(
      Caller caller,
      Channel channel,
      SessionServiceBlockingStub sessions,
      CheckpointServiceBlockingStub checkpoints,
      ArtifactServiceBlockingStub artifacts,
      ProjectServiceBlockingStub projects) {}

  @BeforeAll
  void startService() {
    service = Harness.start();
    alice = somebody(TENANT, "MEMBER");
    bob = somebody(TENANT, "MEMBER");
    owner = somebody(TENANT, "TENANT_OWNER");
  }

  @AfterAll
  void stopService() {
    service.close();
  }

  protected Somebody somebody(UUID tenant, String role) {
    return by(service.caller(tenant, role));
  }

  protected Somebody by(Caller caller) {
    var channel = service.channel(caller);
    return new Somebody(
        caller,
        channel,
        SessionServiceGrpc.newBlockingStub(channel),
        CheckpointServiceGrpc.newBlockingStub(channel),
        ArtifactServiceGrpc.newBlockingStub(channel),
        ProjectServiceGrpc.newBlockingStub(channel));
  }

  protected static Session create(Somebody by, Session.Type type) {
    return by.sessions()
        .createSession(CreateSessionRequest.newBuilder().setType(type).setTitle("A trip").build());
  }

  protected static Session get(Somebody by, String id) {
    return by.sessions().getSession(GetSessionRequest.newBuilder().setSessionId(id).build());
  }

  /// Puts a session into a state as if it had got there.
  protected void put(Session session, String state) {
    var ended = state.equals("COMPLETE") || state.equals("FAILED") || state.equals("CANCELLED");
    service.sql(
        """
        update agent_run.session set state = '%1$s', ended_at = case when %2$s then now() end,
          expires_at = case when %2$s then null else now() + interval '1 day' end,
          error_code = case when '%1$s' = 'FAILED' then 'FAILED' end,
          error_message = case when '%1$s' = 'FAILED' then '' end,
          open_interrupts = case when '%1$s' = 'WAITING' then 1 else 0 end
        where session_id = '%3$s'"""
            .formatted(state, ended, session.getId()));
  }

  /// A run of somebody's that is being worked on in a session, as its token says.
  protected Caller runIn(Caller caller, String session) {
    var run = UUID.randomUUID();
    service.sql(
        """
        insert into agent_run.run (tenant_id, run_id, user_id, queue, self_execute, state, session_id, metadata, attempt,
          max_attempts, lease_epoch, lease_expires_at, deadline_at, pause_requested, input_seq, step_count, version, created_at,
          updated_at)
        values ('%s', '%s', '%s', 'default', true, 'RUNNING', '%s', '{}', 1, 1, 1, now() + interval '1 hour',
          now() + interval '1 day', false, 0, 0, 1, now(), now())"""
            .formatted(caller.tenantId(), run, caller.principalId(), session));
    var scope = new RunScope(run, null, UUID.fromString(session), 1);
    return caller.within(scope, caller.permissions());
  }

  /// Everything there is of a session.
  protected String everything(Session session) {
    return String.join(
        "|",
        service.column(
            """
            select s::text || coalesce((select string_agg(p::text, ',' order by p.number) from agent_run.session_phase p
              where p.session_id = s.session_id), '') from agent_run.session s where s.session_id = '%s'"""
                .formatted(session.getId())));
  }
}
