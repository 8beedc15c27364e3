package dev.agentserver.benchmarks.row;

import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.Arrivals;
import dev.agentserver.benchmarks.load.Fanout;
import dev.agentserver.benchmarks.load.GrpcWatchers;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Processes;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.system.Child;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.benchmarks.system.Stage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// How long it takes until an event is seen by those who watch at another process than the one that
/// wrote it: where the processes tell each other, and where they only look.
public final class Replicas {
  private static final int WATCHERS = 20;
  private static final int FIRST = 10;
  private static final int AHEAD = 1_000;
  private static final Duration PACE = Duration.ofMillis(20);
  private static final String SAME = "same process";
  private static final String TOLD = "another process";
  private static final String LOOKING = "another, no doorbell";

  private final Plan plan;
  private final Stage stage;
  private final Deque<Runnable> open = new ArrayDeque<>();
  private final List<Column> columns = new ArrayList<>();

  public Replicas(Plan plan, Stage stage) {
    this.plan = plan;
    this.stage = stage;
  }

  /// A latency ends with the last of the watchers, and begins before the commit. Everybody watches
  /// a conversation of their own, all are written to in the first process.
  public Section watch() {
    try {
      stage.account().create(Ids.WATCHED + FIRST, 3, 0);
      var server = stage.server();
      var told = started(server.replica(true));
      var looking = started(server.replica(false));
      add(SAME, 1, server.conversation(), stage.ours());
      add(TOLD, 2, address(told), stage.with(told));
      add(LOOKING, 3, address(looking), stage.with(looking));
      var measured = Rounds.measure(columns, plan.rounds(), plan.window().multipliedBy(2));
      return new Section("event at another replica", measured, Replicas::findings);
    } finally {
      open.forEach(Runnable::run);
    }
  }

  private Child started(Child replica) {
    open.push(replica::close);
    return replica;
  }

  private static URI address(Child replica) {
    return URI.create("http://127.0.0.1:" + replica.address());
  }

  private void add(String name, int n, URI watched, Processes processes) {
    var conversation = Ids.of(Ids.WATCHED + FIRST, n);
    var arrivals = new Arrivals(WATCHERS);
    open.push(new GrpcWatchers(watched, stage.account(), conversation, arrivals)::close);
    var nobody = new Arrivals(0);
    var writer =
        new GrpcWatchers(stage.server().conversation(), stage.account(), conversation, nobody);
    open.push(writer::close);
    var events = new Fanout(arrivals, writer::say, AHEAD, PACE);
    events.settle();
    columns.add(new Column(name, true, plan.peerWarmUp(), processes, events));
  }

  private static List<Finding> findings(Section section) {
    return List.of(
        Finding.latency(section.column(TOLD).orElseThrow(), 99, 50),
        Finding.latency(section.column(LOOKING).orElseThrow(), 99, 1_500));
  }
}
