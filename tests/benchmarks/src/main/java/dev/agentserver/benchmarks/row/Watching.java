package dev.agentserver.benchmarks.row;

import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.Arrivals;
import dev.agentserver.benchmarks.load.Fanout;
import dev.agentserver.benchmarks.load.GrpcWatchers;
import dev.agentserver.benchmarks.load.PeerWriter;
import dev.agentserver.benchmarks.load.SseWatchers;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Processes;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.benchmarks.system.Peer;
import dev.agentserver.benchmarks.system.RawLoop;
import dev.agentserver.benchmarks.system.Stage;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/// An event of one conversation to everybody who watches it: by gRPC and as server-sent events,
/// beside a server that only loops over its streams, and a peer.
public final class Watching {
  private static final int AHEAD = 8;
  private static final String GRPC = "gRPC";
  private static final String LOOP = "raw loop";
  private static final String PEER = "express SSE";
  private static final String ONE = ", one by one";

  private final Plan plan;
  private final Stage stage;
  private final Deque<Runnable> open = new ArrayDeque<>();
  private final List<Column> columns = new ArrayList<>();

  public Watching(Plan plan, Stage stage) {
    this.plan = plan;
    this.stage = stage;
  }

  /// A delivery costs what is measured; it is made by appending messages.
  public Section watch() {
    var title = "event to %,d watchers".formatted(plan.streams());
    try {
      stage.account().create(Ids.WATCHED, 3, 0);
      grpc();
      sse();
      loop();
      var peer = stage.peers().get(Messages.NODE_PG);
      if (peer != null) {
        peer(peer);
      }
      var measured = Rounds.measure(columns, plan.rounds(), plan.window().dividedBy(2));
      return new Section(title, measured, Watching::findings);
    } finally {
      open.forEach(Runnable::run);
    }
  }

  private void grpc() {
    var arrivals = new Arrivals(plan.streams());
    var watchers = watchers(stage.server().conversation(), arrivals);
    add(GRPC, true, stage.ours(), arrivals, watchers::say);
  }

  private GrpcWatchers watchers(URI server, Arrivals arrivals) {
    var watchers = new GrpcWatchers(server, stage.account(), Ids.of(Ids.WATCHED, 1), arrivals);
    open.push(watchers::close);
    return watchers;
  }

  private void sse() {
    var conversation = Ids.of(Ids.WATCHED, 2);
    var arrivals = new Arrivals(plan.streams());
    var path = "/v1/conversations/" + conversation + ":watch?start=START_SNAPSHOT";
    var stream = stage.server().gateway().resolve(path);
    open.push(new SseWatchers(stream, stage.account().token(), arrivals)::close);
    var nobody = new Arrivals(0);
    var writer =
        new GrpcWatchers(stage.server().conversation(), stage.account(), conversation, nobody);
    open.push(writer::close);
    add("SSE, gateway", true, stage.ours(), arrivals, writer::say);
  }

  private void loop() {
    var loop = RawLoop.start(stage.work());
    open.push(loop::close);
    var arrivals = new Arrivals(plan.streams());
    var watchers = watchers(URI.create(loop.address()), arrivals);
    add(LOOP, false, new Processes(List.of(loop.pid()), 0), arrivals, watchers::say);
  }

  private void peer(Peer peer) {
    var path = "/conversations/" + Ids.of(Ids.WATCHED, 3);
    var arrivals = new Arrivals(plan.streams());
    open.push(new SseWatchers(peer.url().resolve(path + "/events"), "", arrivals)::close);
    var writer = new PeerWriter(peer.url().resolve(path + "/messages?live=true"));
    open.push(writer::close);
    add(PEER, false, stage.of(peer), arrivals, writer::say);
  }

  /// Two columns: several events on their way, for what it costs and how many there can be; and one
  /// at a time, for how long one takes.
  private void add(
      String name, boolean ours, Processes processes, Arrivals arrivals, LongSupplier event) {
    var many = new Fanout(arrivals, event, AHEAD);
    many.settle();
    columns.add(new Column(name, ours, plan.warmUp() * 4, processes, many));
    columns.add(new Column(name + ONE, ours, 0, processes, new Fanout(arrivals, event, 1)));
  }

  private static List<Finding> findings(Section section) {
    var grpc = section.column(GRPC).orElseThrow();
    var loop = section.column(LOOP).orElseThrow();
    var findings = new ArrayList<Finding>();
    findings.add(Finding.yield(grpc, loop, 0.5));
    findings.add(Finding.rate(grpc, loop, 0.5));
    section.column(PEER).ifPresent(peer -> findings.add(Finding.rate(grpc, peer, 1)));
    findings.add(Finding.latency(section.column(GRPC + ONE).orElseThrow(), 99, 50));
    return findings;
  }
}
