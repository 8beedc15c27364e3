package dev.agentserver.benchmarks.row;

import com.google.protobuf.MessageLite;
import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.Asking;
import dev.agentserver.benchmarks.load.Call;
import dev.agentserver.benchmarks.load.Client;
import dev.agentserver.benchmarks.load.Statement;
import dev.agentserver.benchmarks.load.Walk;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.benchmarks.system.Script;
import dev.agentserver.benchmarks.system.Stage;
import dev.agentserver.conversation.v1.BuildContextRequest;
import dev.agentserver.conversation.v1.ContextServiceGrpc;
import dev.agentserver.conversation.v1.ListMessagesRequest;
import dev.agentserver.conversation.v1.ListMessagesRequest.Order;
import dev.agentserver.conversation.v1.MessageServiceGrpc;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Long conversations: a page far down in one, and a path that goes through many branches.
public final class Paths {
  private static final String LINE = Ids.of(Ids.LONG, 1);
  private static final String FORKED = Ids.of(Ids.LONG, 2);
  private static final String SHORT = Ids.of(Ids.READ, 1);
  private static final String SHORT_PAGE = "the first of 100";
  private static final String MIDDLE = "the middle";
  private static final String END = "the end";
  private static final String OFFSET = "OFFSET to the middle";
  private static final String SHORT_CONTEXT = "the end of 100";
  private static final String LONG_CONTEXT = "the end of the path";
  private static final String WHOLE = "the whole, by pages";
  private static final String RANGES = "the whole, ranges by SQL";
  private static final String POINTERS = "the whole, recursive SQL";
  private static final int PAGE = 50;
  private static final double FLAT = 1.2;

  /// What a list may cost beside the bare statement.
  private static final double OF_STATEMENT = 2.5;

  /// A path is a hundredth of what is searched, a line a tenth.
  private static final int PATHS = 100;

  private static final int LINES = 10;

  private final Plan plan;
  private final Stage stage;
  private final Client client;

  public Paths(Plan plan, Stage stage, Client client) {
    this.plan = plan;
    this.stage = stage;
    this.client = client;
  }

  /// A page of fifty messages, wherever it is in however long a conversation.
  public Section page() {
    var length = plan.searched() / LINES;
    line(length);
    var newest = Order.ORDER_NEWEST_FIRST;
    var middle = walk(LINE).after(length / 2);
    var columns =
        List.of(
            page(SHORT_PAGE, list(SHORT)),
            page(MIDDLE, list(LINE).setPageToken(middle)),
            page(END, list(LINE).setOrder(newest)),
            sql(OFFSET, "page-offset.sql", Map.of("conversation", LINE, "offset", length / 2)));
    var measured = Rounds.measure(columns, plan.rounds(), plan.window());
    return new Section("a page of %,d messages".formatted(length), measured, Paths::ofPages);
  }

  private static List<Finding> ofPages(Section section) {
    var first = section.column(SHORT_PAGE).orElseThrow();
    var middle = section.column(MIDDLE).orElseThrow();
    return List.of(
        Finding.atMost(middle, first, FLAT),
        Finding.atMost(section.column(END).orElseThrow(), first, FLAT),
        Finding.atMost(middle, section.column(OFFSET).orElseThrow(), 1));
  }

  /// What the next call of a model is given of a path that leaves a branch at every tenth message,
  /// and all of the path.
  public Section path() {
    var length = plan.searched() / PATHS;
    var forked = new Forked(stage, FORKED);
    forked.grow(length);
    var values = values(Map.of("conversation", FORKED, "leaf", forked.leaf(), "said", Ids.PATH));
    stage.server().postgres().run(Script.of("pointers.sql", values));
    var columns =
        List.of(
            context(SHORT_CONTEXT, SHORT),
            context(LONG_CONTEXT, FORKED),
            new Column(WHOLE, true, plan.warmUp() / 1_000, stage.ours(), walk(FORKED)),
            sql(RANGES, "path-ranges.sql", values),
            sql(POINTERS, "path-pointers.sql", values));
    var measured = Rounds.measure(columns, plan.rounds(), plan.window());
    return new Section("a path of %,d messages".formatted(length), measured, Paths::ofPaths);
  }

  private static List<Finding> ofPaths(Section section) {
    var whole = section.column(WHOLE).orElseThrow();
    var findings = new ArrayList<Finding>();
    findings.add(
        Finding.atMost(
            section.column(LONG_CONTEXT).orElseThrow(),
            section.column(SHORT_CONTEXT).orElseThrow(),
            FLAT));
    findings.add(Finding.atMost(whole, section.column(RANGES).orElseThrow(), OF_STATEMENT));
    findings.add(Finding.atMost(whole, section.column(POINTERS).orElseThrow(), OF_STATEMENT));
    return findings;
  }

  private void line(int length) {
    var values = values(Map.of("first", Ids.LONG, "conversations", 1, "messages", length));
    values.put("others", false);
    stage.server().postgres().run(Script.of("conversations.sql", values));
    stage.server().postgres().run("vacuum analyze message");
  }

  private Map<String, Object> values(Map<String, Object> more) {
    var values = new HashMap<>(more);
    values.put("tenant", stage.tenant());
    values.put("member", stage.member());
    values.put("prefix", Ids.PREFIX);
    return values;
  }

  private Walk walk(String conversation) {
    return new Walk(stage.server().conversation(), stage.account(), conversation);
  }

  private static ListMessagesRequest.Builder list(String conversation) {
    return ListMessagesRequest.newBuilder().setConversationId(conversation).setPageSize(PAGE);
  }

  private Column page(String name, ListMessagesRequest.Builder request) {
    return asking(name, MessageServiceGrpc.getListMessagesMethod(), request.build());
  }

  private Column context(String name, String conversation) {
    var request =
        BuildContextRequest.newBuilder().setConversationId(conversation).setMaxMessages(PAGE);
    return asking(name, ContextServiceGrpc.getBuildContextMethod(), request.build());
  }

  private Column asking(String name, MethodDescriptor<?, ?> method, MessageLite request) {
    var server = stage.server().conversation();
    var asking =
        new Asking(
            client,
            () -> Call.rpc(Call.Protocol.GRPC, server, method, request, stage.account().token()));
    return new Column(name, true, plan.warmUp() / 10, stage.ours(), asking);
  }

  private Column sql(String name, String script, Map<String, Object> values) {
    var statement = new Statement(stage.server().postgres(), Script.of(script, values(values)));
    return new Column(name, false, 0, stage.floor(), statement);
  }
}
