package dev.agentserver.benchmarks.row;

import static dev.agentserver.benchmarks.load.Call.Protocol.GRPC;
import static dev.agentserver.benchmarks.load.Call.Protocol.GRPC_WEB;

import com.google.protobuf.MessageLite;
import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.Call;
import dev.agentserver.benchmarks.load.Calls;
import dev.agentserver.benchmarks.load.Client;
import dev.agentserver.benchmarks.load.ClosedLoop;
import dev.agentserver.benchmarks.load.Commits;
import dev.agentserver.benchmarks.load.H2load;
import dev.agentserver.benchmarks.load.Pgbench;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.benchmarks.system.Stage;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import io.grpc.MethodDescriptor;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Messages: appending one, and reading a page of fifty. Each directly from conversation-service,
/// through the gateway, by the bare statement, and by the peers.
public final class Messages {
  static final String FLOOR = "pgbench";
  static final String PRISMA = "prisma";
  static final String NODE_PG = "node-pg";

  /// The column that says what the machine is able to do.
  public static final String CALIBRATION = "calibration: commit";

  private static final String DIRECT = "gRPC";
  private static final String REST = "REST, gateway";
  private static final String WEB = "gRPC-Web, gateway";

  /// One of the two operations: how it is asked for, each way.
  private record Operation(
      String title,
      String script,
      int kind,
      MethodDescriptor<?, ?> method,
      IntFunction<MessageLite> request,
      RestCall rest,
      Targets targets) {}

  /// The same over REST: of us with the prefix `/v1`, of the peers without.
  private interface RestCall {
    Call make(URI server, String prefix, int n, String token);
  }

  private final Plan plan;
  private final Stage stage;
  private final Client client;

  public Messages(Plan plan, Stage stage, Client client) {
    this.plan = plan;
    this.stage = stage;
    this.client = client;
  }

  /// Appends a message, durably.
  public Section append() {
    var body = "{\"role\":\"user\",\"content\":\"" + Ids.TEXT + "\"}";
    var section =
        measure(
            new Operation(
                "append a message",
                "append.sql",
                Ids.WRITTEN,
                MessageServiceGrpc.getCreateMessageMethod(),
                n ->
                    CreateMessageRequest.newBuilder()
                        .setConversationId(Ids.of(Ids.WRITTEN, n))
                        .setRole(Message.Role.user)
                        .setContent(Ids.TEXT)
                        .build(),
                (server, prefix, n, token) ->
                    Call.post(server, path(prefix, Ids.of(Ids.WRITTEN, n)), body, token),
                new Targets(2.0, 0.25, 0.8, 150, 60)));
    verify();
    return section;
  }

  /// Reads a page of fifty messages.
  public Section list() {
    return measure(
        new Operation(
            "list 50 messages",
            "list.sql",
            Ids.READ,
            MessageServiceGrpc.getListMessagesMethod(),
            n ->
                ListMessagesRequest.newBuilder()
                    .setConversationId(Ids.of(Ids.READ, n))
                    .setPageSize(50)
                    .build(),
            (server, prefix, n, token) ->
                Call.get(server, path(prefix, Ids.of(Ids.READ, n)) + "?page_size=50", token),
            new Targets(2.5, 0.3, 0.8, 250, 60)));
  }

  /// Everybody did the same work: messages are at places without gaps, and each has its event.
  private void verify() {
    var wrong =
        stage
            .server()
            .postgres()
            .ask(
                """
                select count(*) from conversation c
                where message_count <> (select count(*) from message m
                    where m.tenant_id = c.tenant_id and m.conversation_id = c.conversation_id)
                  or message_count <> (select leaf_depth + 1 from branch b
                    where b.tenant_id = c.tenant_id and b.conversation_id = c.conversation_id)
                  or last_event_seq <> (select count(*) from conversation_event e
                    where e.tenant_id = c.tenant_id and e.conversation_id = c.conversation_id)""");
    if (!wrong.equals("0")) {
      throw new IllegalStateException(wrong + " conversations are not what they should be");
    }
  }

  private static String path(String prefix, String conversation) {
    return prefix + "/conversations/" + conversation + "/messages";
  }

  private Section measure(Operation operation) {
    var columns = new ArrayList<Column>();
    var gateway = stage.server().gateway();
    columns.add(ours(DIRECT, calls(rpc(operation, GRPC, stage.server().conversation()))));
    columns.add(ours(REST, calls(token -> n -> operation.rest().make(gateway, "/v1", n, token))));
    columns.add(ours(WEB, calls(rpc(operation, GRPC_WEB, gateway))));
    if (Pgbench.available()) {
      var floor =
          new Pgbench(
              stage.server().postgres(),
              operation.script(),
              stage.variables(operation.kind(), plan.conversations()));
      columns.add(new Column(FLOOR, false, 0, stage.floor(), floor));
    }
    for (var name : List.of(PRISMA, NODE_PG)) {
      var peer = stage.peers().get(name);
      if (peer != null) {
        var calls = calls(token -> n -> operation.rest().make(peer.url(), "", n, token));
        columns.add(new Column(name, false, plan.peerWarmUp(), stage.of(peer), driver(calls)));
      }
    }
    columns.add(
        new Column(
            "calibration: commit",
            false,
            0,
            stage.floor(),
            new Commits(stage.server().postgres())));
    var measured = Rounds.measure(columns, plan.rounds(), plan.window());
    return new Section(operation.title(), measured, operation.targets()::findings);
  }

  private Column ours(String name, Calls calls) {
    return new Column(name, true, plan.warmUp(), stage.ours(), driver(calls));
  }

  private Driver driver(Calls calls) {
    return H2load.available() ? new H2load(calls) : new ClosedLoop(client, calls);
  }

  private static Function<String, IntFunction<Call>> rpc(
      Operation operation, Call.Protocol protocol, URI server) {
    return token ->
        n -> Call.rpc(protocol, server, operation.method(), operation.request().apply(n), token);
  }

  private Calls calls(Function<String, IntFunction<Call>> make) {
    return () -> {
      var call = make.apply(stage.account().token());
      client.require(call.apply(1));
      return IntStream.rangeClosed(1, plan.conversations()).mapToObj(call).toList();
    };
  }

  /// What is wanted: times the floor, Prisma and node-pg, and microseconds more through the
  /// gateway.
  private record Targets(double floor, double prisma, double nodePg, double rest, double web) {
    List<Finding> findings(Section section) {
      var direct = section.column(DIRECT).orElseThrow();
      var findings = new ArrayList<Finding>();
      section.column(FLOOR).ifPresent(base -> findings.add(Finding.atMost(direct, base, floor)));
      section.column(PRISMA).ifPresent(base -> findings.add(Finding.atMost(direct, base, prisma)));
      section.column(NODE_PG).ifPresent(base -> findings.add(Finding.atMost(direct, base, nodePg)));
      findings.add(Finding.extra(section.column(REST).orElseThrow(), direct, rest));
      findings.add(Finding.extra(section.column(WEB).orElseThrow(), direct, web));
      return findings;
    }
  }
}
