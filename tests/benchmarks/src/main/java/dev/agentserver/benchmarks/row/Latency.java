package dev.agentserver.benchmarks.row;

import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.Call;
import dev.agentserver.benchmarks.load.Client;
import dev.agentserver.benchmarks.load.OpenLoop;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.benchmarks.system.Stage;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/// How long an append takes where the machine is not driven to its limit: requests come at a fixed
/// rate. With a request id too, which makes a retry safe and costs a row more.
public final class Latency {
  private final Plan plan;
  private final Stage stage;
  private final Client client;

  public Latency(Plan plan, Stage stage, Client client) {
    this.plan = plan;
    this.stage = stage;
    this.client = client;
  }

  public Section append() {
    var server = stage.server().conversation();
    var columns =
        List.of(
            column("gRPC", token -> n -> rpc(server, n, "", token)),
            column("gRPC, request_id", token -> n -> rpc(server, n, Ids.next(), token)),
            column("REST, gateway", token -> n -> rest(stage.server().gateway(), n, token)));
    var measured = Rounds.measure(columns, plan.rounds(), plan.window().dividedBy(2));
    return new Section("append, %d a second".formatted(plan.rate()), measured, List.of());
  }

  private Column column(String name, Function<String, IntFunction<Call>> calls) {
    var driver = new OpenLoop(client, plan.rate(), () -> calls.apply(stage.account().token()));
    return new Column(name, true, plan.peerWarmUp() / 2, stage.ours(), driver);
  }

  private Call rpc(URI server, int n, String requestId, String token) {
    var request =
        CreateMessageRequest.newBuilder()
            .setConversationId(conversation(n))
            .setRole(Message.Role.user)
            .setContent(Ids.TEXT)
            .setRequestId(requestId)
            .build();
    return Call.rpc(
        Call.Protocol.GRPC, server, MessageServiceGrpc.getCreateMessageMethod(), request, token);
  }

  private Call rest(URI server, int n, String token) {
    var body = "{\"role\":\"user\",\"content\":\"" + Ids.TEXT + "\"}";
    return Call.post(server, "/v1/conversations/" + conversation(n) + "/messages", body, token);
  }

  private String conversation(int n) {
    return Ids.of(Ids.WRITTEN, 1 + n % plan.conversations());
  }
}
