package dev.agentserver.benchmarks.row;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.agentserver.agentrun.v1.DashboardServiceGrpc;
import dev.agentserver.agentrun.v1.GetDashboardRequest;
import dev.agentserver.agentrun.v1.QueryUsageRequest;
import dev.agentserver.agentrun.v1.UsageDimension;
import dev.agentserver.agentrun.v1.UsageServiceGrpc;
import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.Asking;
import dev.agentserver.benchmarks.load.Call;
import dev.agentserver.benchmarks.load.Client;
import dev.agentserver.benchmarks.load.Pgbench;
import dev.agentserver.benchmarks.load.Statement;
import dev.agentserver.benchmarks.load.UsageCopy;
import dev.agentserver.benchmarks.load.Usages;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.system.Script;
import dev.agentserver.benchmarks.system.Stage;
import io.grpc.MethodDescriptor;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What calls of models used: writing it down, and asking what it was, over very many of them.
public final class Usage {
  private static final String UNARY = "gRPC";
  private static final String STREAMED = "gRPC, streamed";
  private static final String COPY = "COPY of the rows";
  private static final String ALONE = "pgbench, each alone";
  private static final String RAW = "the ledger itself, by SQL";
  private static final String WHOLE = "the whole dashboard";
  private static final String KATHMANDU = "Asia/Kathmandu";
  private static final int DAYS = 30;
  private static final int MILLISECONDS = 10;

  private final Plan plan;
  private final Stage stage;
  private final Client client;

  public Usage(Plan plan, Stage stage, Client client) {
    this.plan = plan;
    this.stage = stage;
    this.client = client;
  }

  /// Records usage of one model, all of which is of the same sums.
  public Section record() {
    try (var usages = new Usages(stage.server().agentRun(), stage.account())) {
      var columns = new ArrayList<Column>();
      columns.add(new Column(STREAMED, true, plan.warmUp(), stage.ours(), usages.streamed()));
      columns.add(new Column(UNARY, true, 0, stage.ours(), usages.alone()));
      var postgres = stage.server().postgres();
      columns.add(new Column(COPY, false, 0, stage.floor(), new UsageCopy(postgres)));
      if (Pgbench.available()) {
        var alone = new Pgbench(postgres, "usage.sql", stage.variables(0, 1));
        columns.add(new Column(ALONE, false, 0, stage.floor(), alone));
      }
      var measured = Rounds.measure(columns, plan.rounds(), plan.window());
      return new Section("record usage", measured, Usage::ofRecording);
    }
  }

  private static List<Finding> ofRecording(Section section) {
    var streamed = section.column(STREAMED).orElseThrow();
    var findings = new ArrayList<Finding>();
    findings.add(Finding.rate(streamed, section.column(COPY).orElseThrow(), 0.3));
    section
        .column(ALONE)
        .ifPresent(
            alone -> {
              findings.add(Finding.rate(streamed, alone, 10));
              findings.add(Finding.rate(section.column(UNARY).orElseThrow(), alone, 1));
            });
    return findings;
  }

  /// Asks what a dashboard shows, one after the other: of a year of usage, the last thirty days.
  public Section ask() {
    load();
    var columns = new ArrayList<Column>();
    columns.add(column("day × model", days("DAY", "MODEL")));
    columns.add(column("day × model, Kathmandu", local(days("DAY", "MODEL"))));
    columns.add(column("by user", days("USER")));
    columns.add(column("by agent", days("AGENT")));
    columns.add(column("by user, since ever", group("USER")));
    columns.add(
        column(
            WHOLE, DashboardServiceGrpc.getGetDashboardMethod(), GetDashboardRequest.newBuilder()));
    columns.add(
        new Column(RAW, false, 0, stage.floor(), new Statement(stage.server().postgres(), raw())));
    var measured = Rounds.measure(columns, plan.rounds(), plan.window());
    var title = "dashboard of %,d calls".formatted(plan.usages());
    return new Section(
        title,
        measured,
        section ->
            section.columns().stream()
                .filter(each -> each.column().ours())
                .map(each -> Finding.latency(each, 50, milliseconds(each.column().name())))
                .toList());
  }

  /// The whole dashboard is eleven statements.
  private static int milliseconds(String column) {
    return column.equals(WHOLE) ? 5 * MILLISECONDS : MILLISECONDS;
  }

  private static QueryUsageRequest.Builder group(String... dimensions) {
    var request = QueryUsageRequest.newBuilder().setPageSize(200);
    for (var dimension : dimensions) {
      request.addGroupBy(UsageDimension.valueOf("USAGE_DIMENSION_" + dimension));
    }
    return request;
  }

  private static QueryUsageRequest.Builder days(String... dimensions) {
    return group(dimensions).setStartTime(start(ZoneOffset.UTC));
  }

  private static QueryUsageRequest.Builder local(QueryUsageRequest.Builder request) {
    return request.setTimeZone(KATHMANDU).setStartTime(start(ZoneId.of(KATHMANDU)));
  }

  private static Timestamp start(ZoneId zone) {
    var day = LocalDate.now(zone).minusDays(DAYS).atStartOfDay(zone);
    return Timestamp.newBuilder().setSeconds(day.toEpochSecond()).build();
  }

  private Column column(String name, QueryUsageRequest.Builder request) {
    return column(name, UsageServiceGrpc.getQueryUsageMethod(), request);
  }

  private Column column(String name, MethodDescriptor<?, ?> method, Message.Builder request) {
    var asking =
        new Asking(
            client,
            () ->
                Call.rpc(
                    Call.Protocol.GRPC,
                    stage.server().agentRun(),
                    method,
                    request.build(),
                    stage.account().ownerToken()));
    return new Column(name, true, plan.warmUp() / 100, stage.ours(), asking);
  }

  private String raw() {
    return """
    select day, model, sum(events), sum(input_tokens), sum(output_tokens), sum(cost) from agent_run.usage_fact
    where tenant_id = '%s' and occurred_at >= current_date - %d group by day, model"""
        .formatted(stage.caller().get("TENANT"), DAYS);
  }

  /// A year of usage until yesterday, in the ledger and in all sums.
  private void load() {
    var values = Map.of("tenant", stage.tenant(), "usages", plan.usages());
    stage.server().postgres().run(Script.of("usage-load.sql", values));
  }
}
