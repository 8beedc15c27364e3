package dev.agentserver.benchmarks.row;

import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.Agent;
import dev.agentserver.agentrun.v1.AgentServiceGrpc;
import dev.agentserver.agentrun.v1.CreateAgentRequest;
import dev.agentserver.agentrun.v1.CreateRunRequest;
import dev.agentserver.agentrun.v1.RunLease;
import dev.agentserver.agentrun.v1.RunServiceGrpc;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.Arrivals;
import dev.agentserver.benchmarks.load.Call;
import dev.agentserver.benchmarks.load.Calls;
import dev.agentserver.benchmarks.load.Client;
import dev.agentserver.benchmarks.load.ClosedLoop;
import dev.agentserver.benchmarks.load.Fanout;
import dev.agentserver.benchmarks.load.GrpcWatchers;
import dev.agentserver.benchmarks.load.H2load;
import dev.agentserver.benchmarks.load.Pgbench;
import dev.agentserver.benchmarks.load.Reports;
import dev.agentserver.benchmarks.load.RunWatchers;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Processes;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.benchmarks.system.Peer;
import dev.agentserver.benchmarks.system.RawLoop;
import dev.agentserver.benchmarks.system.Stage;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;

/// Runs: handing them out, telling of them, and following one, each beside what it could cost at
/// least.
public final class Running {
  private static final String GRPC = "gRPC";
  private static final String FLOOR = "pgbench";
  private static final String ALONE = "pgbench, each alone";
  private static final String STREAMED = "gRPC, streamed";
  private static final String LOOP = "raw loop";
  private static final String PEER = Messages.NODE_PG;
  private static final int BATCH = 20;
  private static final String BATCHED = "gRPC, batches of " + BATCH;
  private static final int WORKERS = 16;
  private static final int AHEAD = 8;

  /// Other rows have those before it.
  private static final int FIRST = 20;

  /// More than are handed out in a second.
  private static final int A_SECOND = 5_000;

  private final Plan plan;
  private final Stage stage;
  private final Client client;
  private String agent;

  public Running(Plan plan, Stage stage, Client client) {
    this.plan = plan;
    this.stage = stage;
    this.client = client;
  }

  /// Hands out a run: lease, token of the run, agent.
  public Section acquire() {
    agent();
    var columns = new ArrayList<Column>();
    fill("ours", plan.warmUp() + windows());
    columns.add(new Column(GRPC, true, plan.warmUp(), stage.ours(), acquiring()));
    if (Pgbench.available()) {
      fill("floor", windows());
      columns.add(new Column(FLOOR, false, 0, stage.floor(), floor("acquire.sql", "floor")));
    }
    var peer = stage.peers().get(PEER);
    if (peer != null) {
      fill("peer", plan.peerWarmUp() + windows());
      var call = Call.post(peer.url(), "/queues/peer/acquire", "{}", "");
      columns.add(peer(peer, Collections.nCopies(WORKERS, call)));
    }
    var measured = Rounds.measure(columns, plan.rounds(), plan.window());
    stage
        .server()
        .postgres()
        .run("delete from agent_run.run where queue in ('ours', 'floor', 'peer')");
    return new Section(
        "acquire a run",
        measured,
        section -> {
          var findings = new ArrayList<Finding>();
          var grpc = section.column(GRPC).orElseThrow();
          section.column(FLOOR).ifPresent(base -> findings.add(Finding.atMost(grpc, base, 4)));
          section.column(PEER).ifPresent(base -> findings.add(Finding.atMost(grpc, base, 1)));
          return findings;
        });
  }

  private Column peer(Peer peer, List<Call> calls) {
    return new Column(PEER, false, plan.peerWarmUp(), stage.of(peer), driver(() -> calls));
  }

  private Driver driver(Calls calls) {
    return H2load.available() ? new H2load(calls) : new ClosedLoop(client, calls);
  }

  /// pgbench takes a second at least.
  private int windows() {
    return Math.toIntExact(plan.rounds() * Math.max(1, plan.window().toSeconds()) * A_SECOND);
  }

  private Driver acquiring() {
    return driver(
        () -> {
          var request = AcquireRunRequest.newBuilder().addQueues("ours").build();
          var call =
              Call.rpc(
                  Call.Protocol.GRPC,
                  stage.server().agentRun(),
                  WorkerServiceGrpc.getAcquireRunMethod(),
                  request,
                  stage.account().ownerToken());
          return Collections.nCopies(WORKERS, call);
        });
  }

  private Pgbench floor(String script, String queue) {
    var variables = new HashMap<>(stage.variables(0, 1));
    variables.put("queue", queue);
    variables.put("runs", WORKERS);
    return new Pgbench(stage.server().postgres(), script, variables);
  }

  /// Tells of sixteen runs.
  public Section report() {
    agent();
    var leases = IntStream.rangeClosed(1, WORKERS).mapToObj(this::leased).toList();
    try (var reports = new Reports(stage.server().agentRun(), stage.account(), leases)) {
      var columns = new ArrayList<Column>();
      columns.add(new Column(BATCHED, true, plan.warmUp(), stage.ours(), reports.batches(BATCH)));
      columns.add(new Column(STREAMED, true, 0, stage.ours(), reports.streams(BATCH)));
      if (Pgbench.available()) {
        columns.add(new Column(ALONE, false, 0, stage.floor(), floor("run-event.sql", "reports")));
      }
      var peer = stage.peers().get(PEER);
      if (peer != null) {
        columns.add(
            peer(peer, IntStream.rangeClosed(1, WORKERS).mapToObj(n -> told(peer, n)).toList()));
      }
      var measured = Rounds.measure(columns, plan.rounds(), plan.window());
      return new Section("append run events", measured, Running::ofReports);
    }
  }

  /// An event by itself, as the peer is told of it.
  private static Call told(Peer peer, int n) {
    var body = "{\"content\":\"" + Ids.TEXT + "\"}";
    return Call.post(peer.url(), "/runs/" + Ids.of(0, n) + "/events", body, "");
  }

  private static List<Finding> ofReports(Section section) {
    var findings = new ArrayList<Finding>();
    for (var alone : List.of(ALONE, PEER)) {
      for (var ours : List.of(BATCHED, STREAMED)) {
        section
            .column(alone)
            .ifPresent(
                base -> findings.add(Finding.rate(section.column(ours).orElseThrow(), base, 5)));
      }
    }
    return findings;
  }

  /// Everybody who follows a run is told of an event.
  public Section watch() {
    agent();
    stage.account().create(Ids.WATCHED + FIRST, 1, 0);
    var arrivals = new Arrivals(plan.streams());
    var looped = new Arrivals(plan.streams());
    var loop = RawLoop.start(stage.work());
    try (var ours =
            new RunWatchers(
                stage.server().agentRun(), stage.account(), leased(WORKERS + 1), arrivals);
        var theirs =
            new GrpcWatchers(
                URI.create(loop.address()),
                stage.account(),
                Ids.of(Ids.WATCHED + FIRST, 1),
                looped)) {
      var columns =
          List.of(
              column(GRPC, true, stage.ours(), new Fanout(arrivals, ours::say, AHEAD)),
              column(
                  LOOP,
                  false,
                  new Processes(List.of(loop.pid()), 0),
                  new Fanout(looped, theirs::say, AHEAD)));
      var measured = Rounds.measure(columns, plan.rounds(), plan.window().dividedBy(2));
      return new Section(
          "run event to %,d watchers".formatted(plan.streams()),
          measured,
          section -> {
            var grpc = section.column(GRPC).orElseThrow();
            var floor = section.column(LOOP).orElseThrow();
            return List.of(Finding.yield(grpc, floor, 0.5), Finding.rate(grpc, floor, 0.5));
          });
    } finally {
      loop.close();
    }
  }

  private Column column(String name, boolean ours, Processes processes, Fanout fanout) {
    fanout.settle();
    return new Column(name, ours, plan.warmUp() * 4, processes, fanout);
  }

  private void agent() {
    if (agent == null) {
      var request =
          CreateAgentRequest.newBuilder().setAgent(Agent.newBuilder().setName("Measured"));
      agent = agents().createAgent(request.build()).getId();
    }
  }

  private AgentServiceGrpc.AgentServiceBlockingStub agents() {
    return stage.account().owner(AgentServiceGrpc::newBlockingStub);
  }

  /// The nth run that workers tell of, in the hands of one.
  private RunLease leased(int n) {
    var queue = "reports " + n;
    stage
        .account()
        .owner(RunServiceGrpc::newBlockingStub)
        .createRun(
            CreateRunRequest.newBuilder()
                .setRunId(Ids.of(0, n))
                .setAgentId(agent)
                .setQueue(queue)
                .build());
    return stage
        .account()
        .owner(WorkerServiceGrpc::newBlockingStub)
        .acquireRun(AcquireRunRequest.newBuilder().addQueues(queue).build())
        .getLease();
  }

  /// Makes runs that wait, as fast as they can be made. PostgreSQL is told of them, as it finds out
  /// by itself a minute later.
  private void fill(String queue, int count) {
    var postgres = stage.server().postgres();
    postgres.run(
        """
            insert into agent_run.run (tenant_id, run_id, user_id, agent_id, agent_version, queue, self_execute, state, metadata,
              attempt, max_attempts, lease_epoch, eligible_at, deadline_at, pause_requested, input_seq, step_count, version,
              created_at, updated_at)
            select '%s', uuidv7(), owner_id, agent_id, 1, '%s', false, 'QUEUED', '{}', 0, 3, 0, clock_timestamp(),
              now() + interval '1 day', false, 0, 0, 1, now(), now()
            from agent_run.agent, generate_series(1, %d) where agent_id = '%s'"""
            .formatted(stage.caller().get("TENANT"), queue, count, agent));
    postgres.run("analyze agent_run.run");
  }
}
