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
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Measured;
import dev.agentserver.benchmarks.measure.Processes;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.system.BareProxy;
import dev.agentserver.benchmarks.system.Canned;
import dev.agentserver.benchmarks.system.Child;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.benchmarks.system.Stage;
import dev.agentserver.benchmarks.system.Transcoder;
import dev.agentserver.conversation.v1.ConversationEventServiceGrpc;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.WatchConversationRequest;
import io.grpc.MethodDescriptor;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/// The gateway alone: in a process of its own, before a service whose answers are ready. Beside it
/// the service without a hop, what Armeria has of its own, and a proxy that only forwards.
public final class Hop {
  private static final String DIRECT = "gRPC";
  private static final String REST = "JSON, gateway";
  private static final String WEB = "gRPC-Web, gateway";
  private static final String ARMERIA_REST = "JSON, Armeria";
  private static final String ARMERIA_WEB = "gRPC-Web, Armeria";
  private static final String PROXY = "gRPC, bare proxy";

  private static final int ABREAST = 16;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String MESSAGES = "/v1/conversations/" + Ids.of(Ids.READ, 1) + "/messages";

  /// @param rest the same call as JSON, of a server with a token
  /// @param events how many replies a call has
  /// @param restTarget the most microseconds that the hop may add for JSON
  /// @param webTarget the same for gRPC-Web
  private record Operation(
      String title,
      MethodDescriptor<?, ?> method,
      MessageLite request,
      BiFunction<URI, String, Call> rest,
      int events,
      double restTarget,
      double webTarget) {
    boolean isUnary() {
      return events == 1;
    }
  }

  private final Plan plan;
  private final Stage stage;
  private final Client client;

  public Hop(Plan plan, Stage stage, Client client) {
    this.plan = plan;
    this.stage = stage;
    this.client = client;
  }

  /// An append, a page of fifty messages, and a stream of a thousand events.
  public List<Section> measure() {
    try (var service = Canned.start(stage.work());
        var gateway = stage.server().gateway(url(service));
        var armeria = Transcoder.start(stage.work(), url(service));
        var proxy = BareProxy.start(stage.work(), url(service))) {
      return operations().stream()
          .map(operation -> measure(operation, service, gateway, armeria, proxy))
          .toList();
    }
  }

  private static List<Operation> operations() {
    var body = "{\"role\":\"user\",\"content\":\"" + Ids.TEXT + "\"}";
    var conversation = Ids.of(Ids.READ, 1);
    return List.of(
        new Operation(
            "hop: append a message",
            MessageServiceGrpc.getCreateMessageMethod(),
            CreateMessageRequest.newBuilder()
                .setConversationId(conversation)
                .setRole(Message.Role.user)
                .setContent(Ids.TEXT)
                .build(),
            (server, token) -> Call.post(server, MESSAGES, body, token),
            1,
            150,
            60),
        new Operation(
            "hop: 50 messages",
            MessageServiceGrpc.getListMessagesMethod(),
            ListMessagesRequest.newBuilder()
                .setConversationId(conversation)
                .setPageSize(50)
                .build(),
            (server, token) -> Call.get(server, MESSAGES + "?page_size=50", token),
            1,
            250,
            60),
        new Operation(
            "hop: %,d events".formatted(Canned.EVENTS),
            ConversationEventServiceGrpc.getWatchConversationMethod(),
            WatchConversationRequest.newBuilder().setConversationId(conversation).build(),
            (server, token) ->
                Call.get(server, "/v1/conversations/" + conversation + ":watch", token),
            Canned.EVENTS,
            5 * Canned.EVENTS,
            3 * Canned.EVENTS));
  }

  private Section measure(
      Operation operation, Child service, Child gateway, Child armeria, Child proxy) {
    var columns = new ArrayList<Column>();
    columns.add(column(DIRECT, operation, rpc(Protocol.GRPC, operation, url(service)), service));
    columns.add(column(REST, operation, rest(operation, url(gateway)), service, gateway));
    columns.add(
        column(WEB, operation, rpc(Protocol.GRPC_WEB, operation, url(gateway)), service, gateway));
    if (operation.isUnary()) {
      columns.add(column(ARMERIA_REST, operation, rest(operation, url(armeria)), service, armeria));
    }
    columns.add(
        column(
            ARMERIA_WEB,
            operation,
            rpc(Protocol.GRPC_WEB, operation, url(armeria)),
            service,
            armeria));
    columns.add(
        column(PROXY, operation, rpc(Protocol.GRPC, operation, url(proxy)), service, proxy));
    var measured = Rounds.measure(columns, plan.rounds(), window(operation));
    return new Section(operation.title(), measured, section -> findings(operation, section));
  }

  /// Half of what others get, for there are many columns; but some streams have to end in it.
  private Duration window(Operation operation) {
    var isBrief = plan.window().compareTo(SECOND) <= 0;
    if (operation.isUnary()) {
      return isBrief ? plan.window() : plan.window().dividedBy(2);
    }
    return isBrief ? SECOND : plan.window();
  }

  private static URI url(Child child) {
    var address = child.address();
    return URI.create(address.startsWith("http") ? address : "http://127.0.0.1:" + address);
  }

  private static Function<String, Call> rpc(Protocol protocol, Operation operation, URI server) {
    return token -> Call.rpc(protocol, server, operation.method(), operation.request(), token);
  }

  private static Function<String, Call> rest(Operation operation, URI server) {
    return token -> operation.rest().apply(server, token);
  }

  private Column column(
      String name, Operation operation, Function<String, Call> make, Child... processes) {
    Calls calls =
        () -> {
          var call = make.apply(stage.account().token());
          client.require(call);
          return Collections.nCopies(ABREAST, call);
        };
    var pids = List.of(processes).stream().map(Child::pid).toList();
    return new Column(
        name,
        name.equals(REST) || name.equals(WEB),
        operation.isUnary() || plan.isProof()
            ? plan.warmUp()
            : Math.max(plan.warmUp() / 100, ABREAST),
        new Processes(pids, 0),
        H2load.available() ? new H2load(calls) : new ClosedLoop(client, calls));
  }

  private static List<Finding> findings(Operation operation, Section section) {
    var direct = the(DIRECT, section);
    var rest = the(REST, section);
    var web = the(WEB, section);
    var findings = new ArrayList<Finding>();
    findings.add(Finding.extra(rest, direct, operation.restTarget()));
    findings.add(Finding.extra(web, direct, operation.webTarget()));
    section.column(ARMERIA_REST).ifPresent(base -> findings.add(Finding.atMost(rest, base, 1)));
    findings.add(Finding.atMost(web, the(ARMERIA_WEB, section), 1));
    findings.add(Finding.atMost(rest, the(PROXY, section), 2));
    findings.add(Finding.atMost(web, the(PROXY, section), 1.5));
    return findings;
  }

  private static Measured the(String name, Section section) {
    return section.column(name).orElseThrow();
  }
}
