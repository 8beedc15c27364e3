package dev.agentserver.benchmarks.row;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.Call;
import dev.agentserver.benchmarks.load.Call.Protocol;
import dev.agentserver.benchmarks.load.Calls;
import dev.agentserver.benchmarks.load.Client;
import dev.agentserver.benchmarks.load.ClosedLoop;
import dev.agentserver.benchmarks.load.H2load;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Measured;
import dev.agentserver.benchmarks.measure.Processes;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.system.Canned;
import dev.agentserver.benchmarks.system.Stage;
import dev.agentserver.flagd.evaluation.v2.ResolveBooleanRequest;
import dev.agentserver.flagd.evaluation.v2.ServiceGrpc;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/// What it costs to ask for a flag, beside a gRPC service that has the answer ready and asks nobody
/// who is calling.
public final class Flags {
  private static final String ECHO = "gRPC, echo";
  private static final String GRPC = "gRPC, flagd v2";
  private static final String OFREP = "OFREP";
  private static final String KEY = "benchmark";
  private static final String FLAG =
      """
      {"key": "benchmark", "definition": {"state": "ENABLED", "variants": {"on": true, "off": false},
        "defaultVariant": "off", "targeting": {"if": [{"ends_with": [{"var": "email"}, "@example.com"]},
          "on", {"fractional": [["on", 25], ["off", 75]]}]}}}
      """;
  private static final String CONTEXT =
      "{\"context\": {\"targetingKey\": \"user-1\", \"email\": \"alice@example.com\"}}";
  private static final double OF_ECHO = 1.3;
  private static final int ABREAST = 16;

  private final Plan plan;
  private final Stage stage;
  private final Client client;

  public Flags(Plan plan, Stage stage, Client client) {
    this.plan = plan;
    this.stage = stage;
    this.client = client;
  }

  /// One flag with targeting, by each protocol.
  public Section evaluate() {
    var server = stage.server();
    client.require(Call.post(server.gateway(), "/v1/flags", FLAG, owner()));
    try (var echo = Canned.start(stage.work())) {
      var alone = new Processes(List.of(echo.pid()), 0);
      var ours = stage.ours();
      var columns =
          List.of(
              column(ECHO, () -> resolve(URI.create(echo.address())), alone, false),
              column(GRPC, () -> resolve(server.settings()), ours, true),
              column(OFREP, () -> ofrep(server.doors()), ours, true));
      var measured = Rounds.measure(columns, plan.rounds(), plan.window());
      return new Section("evaluate a flag", measured, Flags::findings);
    }
  }

  private String owner() {
    return stage.account().ownerToken();
  }

  private Call resolve(URI server) {
    var context =
        Struct.newBuilder()
            .putFields("targetingKey", Value.newBuilder().setStringValue("user-1").build())
            .putFields("email", Value.newBuilder().setStringValue("alice@example.com").build());
    return Call.rpc(
        Protocol.GRPC,
        server,
        ServiceGrpc.getResolveBooleanMethod(),
        ResolveBooleanRequest.newBuilder().setFlagKey(KEY).setContext(context).build(),
        owner());
  }

  private Call ofrep(URI server) {
    return Call.post(server, "/ofrep/v1/evaluate/flags/" + KEY, CONTEXT, owner());
  }

  private Column column(String name, Supplier<Call> make, Processes processes, boolean isOurs) {
    Calls calls =
        () -> {
          var call = make.get();
          client.require(call);
          return Collections.nCopies(ABREAST, call);
        };
    var driver = H2load.available() ? new H2load(calls) : new ClosedLoop(client, calls);
    return new Column(name, isOurs, plan.warmUp(), processes, driver);
  }

  private static List<Finding> findings(Section section) {
    var echo = the(ECHO, section);
    return List.of(
        Finding.atMost(the(GRPC, section), echo, OF_ECHO),
        Finding.atMost(the(OFREP, section), echo, OF_ECHO));
  }

  private static Measured the(String name, Section section) {
    return section.column(name).orElseThrow();
  }
}
