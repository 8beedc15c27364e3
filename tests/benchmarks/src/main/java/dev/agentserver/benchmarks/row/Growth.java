package dev.agentserver.benchmarks.row;

import com.google.protobuf.MessageLite;
import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.Call;
import dev.agentserver.benchmarks.load.Calls;
import dev.agentserver.benchmarks.load.Client;
import dev.agentserver.benchmarks.load.ClosedLoop;
import dev.agentserver.benchmarks.load.H2load;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Measured;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.system.Grown;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.benchmarks.system.Stage;
import dev.agentserver.conversation.v1.ConversationServiceGrpc;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.ListConversationsRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.MessageSearchServiceGrpc;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import dev.agentserver.conversation.v1.SearchMessagesRequest;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// What a call costs as a tenant grows: the same calls of the same member, side by side in tenants
/// of a thousand messages, of ten times as many, and so on. Each is in a database of its own.
public final class Growth {
  private static final int SMALLEST = 1_000;
  private static final int TENFOLD = 10;
  private static final double FLAT = 1.2;

  /// Beyond this what is appended while it is measured changes little.
  private static final int SMALL = 10_000;

  /// There are many columns.
  private static final int WARM_UPS = 3;

  private final Plan plan;
  private final Stage stage;
  private final Client client;
  private final ConcurrentNavigableMap<Integer, Grown> tenants = new ConcurrentSkipListMap<>();

  public Growth(Plan plan, Stage stage, Client client) {
    this.plan = plan;
    this.stage = stage;
    this.client = client;
  }

  /// Reads, then appends.
  public List<Section> measure() {
    try {
      IntStream.iterate(SMALLEST, size -> size <= plan.searched(), size -> size * TENFOLD)
          .parallel()
          .forEach(size -> tenants.put(size, stage.server().grown("grown_" + size)));
      tenants.forEach(this::load);
      return List.of(
          section("list messages", rounds(this::listMessages)),
          section("list conversations", rounds(this::listConversations)),
          section("search", rounds(this::search)),
          section("append", appending()));
    } finally {
      tenants.values().forEach(Grown::close);
    }
  }

  private void load(int size, Grown tenant) {
    tenant.load(stage.tenant(), stage.member(), size);
  }

  private Call listMessages(Grown tenant, String token, int n) {
    var request =
        ListMessagesRequest.newBuilder().setConversationId(Ids.of(Ids.WRITTEN, n)).build();
    return call(tenant, MessageServiceGrpc.getListMessagesMethod(), request, token);
  }

  private Call listConversations(Grown tenant, String token, int n) {
    var request = ListConversationsRequest.getDefaultInstance();
    return call(tenant, ConversationServiceGrpc.getListConversationsMethod(), request, token);
  }

  /// For a word of most messages of everybody.
  private Call search(Grown tenant, String token, int n) {
    var request = SearchMessagesRequest.newBuilder().setQuery("w0").build();
    return call(tenant, MessageSearchServiceGrpc.getSearchMessagesMethod(), request, token);
  }

  private Call append(Grown tenant, String token, int n) {
    var request =
        CreateMessageRequest.newBuilder()
            .setConversationId(Ids.of(Ids.WRITTEN, n))
            .setRole(Message.Role.user)
            .setContent(Ids.TEXT)
            .build();
    return call(tenant, MessageServiceGrpc.getCreateMessageMethod(), request, token);
  }

  private static Call call(
      Grown tenant, MethodDescriptor<?, ?> method, MessageLite request, String token) {
    return Call.rpc(Call.Protocol.GRPC, tenant.address(), method, request, token);
  }

  /// Makes the nth call of somebody with a token.
  private interface Operation {
    Call make(Grown tenant, String token, int n);
  }

  private List<Measured> rounds(Operation operation) {
    return Rounds.measure(
        columns(operation, plan.warmUp() / WARM_UPS), plan.rounds(), plan.window());
  }

  /// The small ones begin each round as small as they are meant to be.
  private List<Measured> appending() {
    Rounds.measure(columns(this::append, plan.warmUp() / WARM_UPS), 0, plan.window());
    var columns = columns(this::append, 0);
    var measured = columns.stream().map(each -> new Measured(each, 0, new ArrayList<>())).toList();
    for (var round = 0; round < plan.rounds(); round++) {
      tenants.forEach(
          (size, tenant) -> {
            if (size <= SMALL) {
              load(size, tenant);
            }
          });
      var one = Rounds.measure(columns, 1, plan.window());
      IntStream.range(0, one.size())
          .forEach(i -> measured.get(i).windows().addAll(one.get(i).windows()));
    }
    return measured;
  }

  private List<Column> columns(Operation operation, int warmUp) {
    return tenants.entrySet().stream()
        .map(
            entry ->
                new Column(
                    name(entry.getKey()),
                    true,
                    warmUp,
                    entry.getValue().processes(),
                    driver(operation, entry.getValue())))
        .toList();
  }

  private Driver driver(Operation operation, Grown tenant) {
    Calls calls =
        () -> {
          var token = stage.account().token();
          IntFunction<Call> call = n -> operation.make(tenant, token, n);
          client.require(call.apply(1));
          return IntStream.rangeClosed(1, Grown.OWN).mapToObj(call).toList();
        };
    return H2load.available() ? new H2load(calls) : new ClosedLoop(client, calls);
  }

  private static String name(int size) {
    return "of %,d messages".formatted(size);
  }

  private static Section section(String operation, List<Measured> measured) {
    return new Section("growth: " + operation, measured, Growth::findings);
  }

  private static List<Finding> findings(Section section) {
    var smallest = section.columns().getFirst();
    return section.columns().stream()
        .skip(1)
        .map(each -> Finding.atMost(each, smallest, FLAT))
        .toList();
  }
}
