package dev.agentserver.agentrun.event.watch;

import com.google.protobuf.util.Durations;
import dev.agentserver.agentrun.Harness;
import dev.agentserver.agentrun.event.Subject;
import dev.agentserver.agentrun.event.Subject.Kind;
import dev.agentserver.agentrun.v1.AppendEventsRequest;
import dev.agentserver.agentrun.v1.ListRunEventsRequest;
import dev.agentserver.agentrun.v1.ListSessionEventsRequest;
import dev.agentserver.agentrun.v1.NewRunEvent;
import dev.agentserver.agentrun.v1.RunEvent;
import dev.agentserver.agentrun.v1.RunEventServiceGrpc;
import dev.agentserver.agentrun.v1.RunEventServiceGrpc.RunEventServiceBlockingStub;
import dev.agentserver.agentrun.v1.WatchRunRequest;
import dev.agentserver.agentrun.v1.WatchSessionRequest;
import dev.agentserver.kit.eventlog.EventLogLimits;
import dev.agentserver.kit.identity.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// Sessions and runs to tell of, and who tells and who follows.
@TestInstance(Lifecycle.PER_CLASS)
abstract class Scene {
  static final UUID TENANT = UUID.randomUUID();
  static final long EPOCH = 3;

  Harness service;
  Caller alice;
  Caller worker;

  /// A run that the worker holds.
  record Leased(UUID id, UUID sessionId, UUID conversationId) {}

  EventLogLimits limits() {
    return EventLogLimits.defaults();
  }

  Harness start() {
    return Harness.start(limits());
  }

  @BeforeAll
  void startService() {
    service = start();
    alice = service.caller(TENANT, "MEMBER");
    worker = service.caller(TENANT, "WORKER");
  }

  @AfterAll
  void stopService() {
    service.close();
  }

  RunEventServiceBlockingStub as(Caller caller) {
    return RunEventServiceGrpc.newBlockingStub(service.channel(caller));
  }

  UUID session() {
    var id = UUID.randomUUID();
    service.sql(
        """
        insert into session (tenant_id, session_id, owner_id, slug, title, type, state, phase, open_interrupts, run_count,
          input_tokens, output_tokens, cost, active_ms, metadata, version, activity, created_at, updated_at, last_activity_at,
          expires_at)
        values ('%s', '%s', '%s', '%s', '', 'FULL', 'ACTIVE', 'SPEC', 0, 0, 0, 0, 0, 0, '{}', 1, 0, now(), now(), now(),
          now() + interval '1 day')"""
            .formatted(TENANT, id, alice.principalId(), "s" + id.toString().substring(0, 30)));
    return id;
  }

  UUID agent() {
    var id = UUID.randomUUID();
    service.sql(
        """
        insert into agent (tenant_id, agent_id, owner_id, name, description, icon, category, goal, visibility, state,
          current_version, execution_count, metadata, version, created_at, updated_at)
        values ('%1$s', '%2$s', '%3$s', 'Echo', '', '', '', '', 'PRIVATE', 'ACTIVE', 1, 0, '{}', 1, now(), now());
        insert into agent_version (tenant_id, agent_id, version, model, provider, instructions, created_at)
        values ('%1$s', '%2$s', 1, '', '', '', now())"""
            .formatted(TENANT, id, alice.principalId()));
    return id;
  }

  Leased runOf(UUID session) {
    return run(session, null, alice);
  }

  Leased run(UUID session, UUID conversation, Caller user) {
    var id = UUID.randomUUID();
    service.sql(
        """
        insert into run (tenant_id, run_id, user_id, queue, self_execute, state, session_id, conversation_id, metadata, attempt,
          max_attempts, lease_epoch, holder_id, lease_expires_at, deadline_at, pause_requested, input_seq, step_count, version,
          created_at, updated_at)
        values ('%1$s', '%2$s', '%3$s', 'default', false, 'RUNNING', %4$s, %5$s, '{}', 1, 3, %6$s, '%7$s',
          now() + interval '1 hour', now() + interval '1 day', false, 0, 0, 1, now(), now());
        insert into run_lease (tenant_id, run_id, lease_epoch, principal_id, request_id, labels, acquired_at)
        values ('%1$s', '%2$s', %6$s, '%7$s', '', '{}', now())"""
            .formatted(
                TENANT,
                id,
                user.principalId(),
                quoted(session),
                quoted(conversation),
                EPOCH,
                worker.principalId()));
    if (session == null && conversation == null) {
      service.write(db -> service.events().events().begin(db, TENANT, new Subject(Kind.RUN, id)));
    }
    return new Leased(id, session, conversation);
  }

  private static String quoted(UUID id) {
    return id == null ? "null" : "'" + id + "'";
  }

  static NewRunEvent event(String content) {
    return NewRunEvent.newBuilder()
        .setId(UUID.randomUUID().toString())
        .setCategory(RunEvent.Category.CATEGORY_LOG)
        .setKind("line")
        .setContent(content)
        .build();
  }

  static List<NewRunEvent> events(int count) {
    return IntStream.range(0, count).mapToObj(i -> event("line " + i)).toList();
  }

  static AppendEventsRequest batch(Leased run, List<NewRunEvent> events) {
    return AppendEventsRequest.newBuilder()
        .setRunId(run.id().toString())
        .setLeaseEpoch(EPOCH)
        .addAllEvents(events)
        .build();
  }

  List<Long> append(Leased run, List<NewRunEvent> events) {
    return as(worker).appendEvents(batch(run, events)).getSeqsList();
  }

  static ListSessionEventsRequest.Builder ofSession(UUID session, long after) {
    return ListSessionEventsRequest.newBuilder()
        .setSessionId(session.toString())
        .setAfterSeq(after);
  }

  static ListRunEventsRequest.Builder ofRun(UUID run, long after) {
    return ListRunEventsRequest.newBuilder().setRunId(run.toString()).setAfterSeq(after);
  }

  /// Everything that is there after an event, page by page.
  List<RunEvent> list(UUID session, long after, int pageSize) {
    var all = new ArrayList<RunEvent>();
    var request = ofSession(session, after).setPageSize(pageSize);
    do {
      var page = as(alice).listSessionEvents(request.build());
      all.addAll(page.getEventsList());
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return all;
  }

  List<RunEvent> listRun(UUID run, long after, int pageSize) {
    var all = new ArrayList<RunEvent>();
    var request = ofRun(run, after).setPageSize(pageSize);
    do {
      var page = as(alice).listRunEvents(request.build());
      all.addAll(page.getEventsList());
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    return all;
  }

  Follower<WatchSessionRequest> follow(UUID session, long after) {
    return follow(alice, session, after, false);
  }

  Follower<WatchSessionRequest> follow(Caller caller, UUID session, long after, boolean slow) {
    var request =
        WatchSessionRequest.newBuilder().setSessionId(session.toString()).setAfterSeq(after);
    return new Follower<>(
        slow,
        observer ->
            RunEventServiceGrpc.newStub(service.channel(caller))
                .watchSession(request.build(), observer));
  }

  Follower<WatchRunRequest> followRun(UUID run, long after) {
    var request = WatchRunRequest.newBuilder().setRunId(run.toString()).setAfterSeq(after);
    return new Follower<>(
        false,
        observer ->
            RunEventServiceGrpc.newStub(service.channel(alice))
                .watchRun(request.build(), observer));
  }

  /// What happened in a session was in a month that is long over.
  void longAgo(UUID session) {
    service.sql(
        """
        create table if not exists run_event_202501 partition of run_event for values from ('2025-01-01') to ('2025-02-01');
        alter table run_event_202501 owner to agent_run_owner;
        update event_stream set month = '2025-01-01' where subject_id = '%s';
        update run_event e set month = '2025-01-01', created_at = '2025-01-20' from event_stream s
          where s.stream_id = e.stream_id and s.month = '2025-01-01' and e.month <> s.month"""
            .formatted(session));
    service.events().partitions().run();
  }

  /// What somebody must have written to read this.
  static NewRunEvent asWritten(RunEvent read) {
    var written =
        NewRunEvent.newBuilder()
            .setId(read.getId())
            .setCategory(read.getCategory())
            .setKind(read.getKind())
            .setLevel(read.getLevel())
            .setContent(read.getContent())
            .setStepKey(read.getStepKey())
            .setToolName(read.getToolName());
    if (read.hasPayload()) {
      written.setPayload(read.getPayload());
    }
    if (read.hasToolInput()) {
      written.setToolInput(read.getToolInput());
    }
    if (read.hasToolOutput()) {
      written.setToolOutput(read.getToolOutput());
    }
    if (read.hasDurationMs()) {
      written.setDurationMs(read.getDurationMs());
    }
    return written.build();
  }

  /// By long poll alone, as a client does that keeps its last seq and no page token.
  List<RunEvent> polled(UUID session) {
    var all = new ArrayList<RunEvent>();
    var after = 0L;
    while (true) {
      var page =
          as(alice)
              .listSessionEvents(
                  ofSession(session, after)
                      .setPageSize(11)
                      .setWait(Durations.fromMillis(50))
                      .build());
      if (page.getEventsCount() == 0) {
        return all;
      }
      all.addAll(page.getEventsList());
      after = page.getSeq();
    }
  }
}
