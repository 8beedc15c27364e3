package dev.agentserver.benchmarks.row;

import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.Arrivals;
import dev.agentserver.benchmarks.load.Call;
import dev.agentserver.benchmarks.load.Call.Protocol;
import dev.agentserver.benchmarks.load.Calls;
import dev.agentserver.benchmarks.load.Client;
import dev.agentserver.benchmarks.load.ClosedLoop;
import dev.agentserver.benchmarks.load.Fanout;
import dev.agentserver.benchmarks.load.H2load;
import dev.agentserver.benchmarks.load.SettingWatchers;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.system.Stage;
import dev.agentserver.settings.v1.ConfigurationServiceGrpc;
import dev.agentserver.settings.v1.GetConfigRequest;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/// What it costs to read a tenant's settings, and how soon those who watch them see a change.
public final class Configuring {
  private static final String EMPTY = "gRPC, empty call";
  private static final String READ = "GetConfig, 20 settings";
  private static final String SEEN = "20 watchers";
  private static final int SETTINGS = 20;
  private static final int WATCHERS = 20;
  private static final int AHEAD = 100;
  private static final Duration PACE = Duration.ofMillis(100);
  private static final int ABREAST = 16;

  private final Plan plan;
  private final Stage stage;
  private final Client client;

  public Configuring(Plan plan, Stage stage, Client client) {
    this.plan = plan;
    this.stage = stage;
    this.client = client;
  }

  /// Reads all settings, and calls a method of the same process that does nothing.
  public Section read() {
    var server = stage.server().settings();
    try (var _ = watchers(new Arrivals(0))) {
      var columns =
          List.of(
              column(
                  EMPTY,
                  () ->
                      Call.rpc(
                          Protocol.GRPC,
                          server,
                          HealthGrpc.getCheckMethod(),
                          HealthCheckRequest.getDefaultInstance(),
                          stage.account().ownerToken())),
              column(
                  READ,
                  () ->
                      Call.rpc(
                          Protocol.GRPC,
                          server,
                          ConfigurationServiceGrpc.getGetConfigMethod(),
                          GetConfigRequest.getDefaultInstance(),
                          stage.account().ownerToken())));
      var measured = Rounds.measure(columns, plan.rounds(), plan.window());
      return new Section(
          "read the configuration",
          measured,
          section ->
              List.of(
                  Finding.extra(
                      section.column(READ).orElseThrow(),
                      section.column(EMPTY).orElseThrow(),
                      100)));
    }
  }

  /// A latency begins before the commit and ends with the last of the watchers.
  public Section watch() {
    var arrivals = new Arrivals(WATCHERS);
    try (var watchers = watchers(arrivals)) {
      var events = new Fanout(arrivals, watchers::change, AHEAD, PACE);
      events.settle();
      var columns = List.of(new Column(SEEN, true, plan.peerWarmUp(), stage.ours(), events));
      var measured = Rounds.measure(columns, plan.rounds(), plan.window().multipliedBy(2));
      return new Section(
          "a setting at its watchers",
          measured,
          section -> List.of(Finding.latency(section.column(SEEN).orElseThrow(), 99, 50)));
    }
  }

  private SettingWatchers watchers(Arrivals arrivals) {
    return new SettingWatchers(
        stage.server().settings(), stage.account().ownerToken(), SETTINGS, arrivals);
  }

  private Column column(String name, Supplier<Call> make) {
    Calls calls =
        () -> {
          var call = make.get();
          client.require(call);
          return Collections.nCopies(ABREAST, call);
        };
    Driver driver = H2load.available() ? new H2load(calls) : new ClosedLoop(client, calls);
    return new Column(name, true, plan.warmUp(), stage.ours(), driver);
  }
}
