package dev.agentserver.benchmarks.row;

import com.google.protobuf.MessageLite;
import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.Call;
import dev.agentserver.benchmarks.load.Call.Protocol;
import dev.agentserver.benchmarks.load.Calls;
import dev.agentserver.benchmarks.load.Client;
import dev.agentserver.benchmarks.load.ClosedLoop;
import dev.agentserver.benchmarks.load.H2load;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.system.Stage;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.ChatSettingsServiceGrpc;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.GetChatSettingsRequest;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/// What it costs to be known: a key's exchange for a token, and all that the gateway does around a
/// call that does little itself.
public final class Identity {
  private static final String EMPTY = "gRPC, empty call";
  private static final String EXCHANGE = "ExchangeToken";
  private static final String DIRECT = "gRPC, token";
  private static final String GRPC = "gRPC, gateway, token";
  private static final String GRPC_KEY = "gRPC, gateway, key";
  private static final String REST = "REST, gateway, token";
  private static final String REST_KEY = "REST, gateway, key";
  private static final int ABREAST = 16;

  private final Plan plan;
  private final Stage stage;
  private final Client client;

  public Identity(Plan plan, Stage stage, Client client) {
    this.plan = plan;
    this.stage = stage;
    this.client = client;
  }

  /// Exchanges a key, and calls a method of the same process that does nothing.
  public Section exchange() {
    var settings = stage.server().settings();
    var request = ExchangeTokenRequest.newBuilder().setApiKey(stage.server().key()).build();
    var nothing = HealthCheckRequest.getDefaultInstance();
    var columns =
        List.of(
            column(EMPTY, rpc(settings, HealthGrpc.getCheckMethod(), nothing)),
            column(EXCHANGE, rpc(settings, AccessServiceGrpc.getExchangeTokenMethod(), request)));
    return measure(
        "exchange a key",
        columns,
        section ->
            List.of(
                Finding.extra(
                    section.column(EXCHANGE).orElseThrow(),
                    section.column(EMPTY).orElseThrow(),
                    600)));
  }

  /// Reads one's chat settings: directly, and through everything that the gateway is.
  public Section chain() {
    var gateway = stage.server().gateway();
    var method = ChatSettingsServiceGrpc.getGetChatSettingsMethod();
    var request = GetChatSettingsRequest.getDefaultInstance();
    var key = stage.server().key();
    Function<String, Call> rest =
        credential -> Call.get(gateway, "/v1/users/me/chat-settings", credential);
    var columns =
        List.of(
            column(DIRECT, rpc(stage.server().settings(), method, request)),
            column(GRPC, rpc(gateway, method, request)),
            column(GRPC_KEY, _ -> Call.rpc(Protocol.GRPC, gateway, method, request, key)),
            column(REST, rest),
            column(REST_KEY, _ -> rest.apply(key)));
    return measure(
        "through the gateway",
        columns,
        section -> {
          var direct = section.column(DIRECT).orElseThrow();
          return List.of(
              Finding.extra(section.column(GRPC).orElseThrow(), direct, 150),
              Finding.extra(section.column(GRPC_KEY).orElseThrow(), direct, 150),
              Finding.extra(section.column(REST).orElseThrow(), direct, 150),
              Finding.extra(section.column(REST_KEY).orElseThrow(), direct, 150));
        });
  }

  private static Function<String, Call> rpc(
      URI server, MethodDescriptor<?, ?> method, MessageLite request) {
    return token -> Call.rpc(Protocol.GRPC, server, method, request, token);
  }

  private Column column(String name, Function<String, Call> make) {
    Calls calls =
        () -> {
          var call = make.apply(stage.account().token());
          client.require(call);
          return Collections.nCopies(ABREAST, call);
        };
    Driver driver = H2load.available() ? new H2load(calls) : new ClosedLoop(client, calls);
    return new Column(name, true, plan.warmUp(), stage.ours(), driver);
  }

  private Section measure(
      String title, List<Column> columns, Function<Section, List<Finding>> findings) {
    return new Section(title, Rounds.measure(columns, plan.rounds(), plan.window()), findings);
  }
}
