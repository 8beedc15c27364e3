package dev.agentserver.benchmarks.row;

import dev.agentserver.benchmarks.Plan;
import dev.agentserver.benchmarks.load.Answers;
import dev.agentserver.benchmarks.load.Pgbench;
import dev.agentserver.benchmarks.measure.Column;
import dev.agentserver.benchmarks.measure.Finding;
import dev.agentserver.benchmarks.measure.Rounds;
import dev.agentserver.benchmarks.system.Account;
import dev.agentserver.benchmarks.system.Ids;
import dev.agentserver.benchmarks.system.Stage;
import dev.agentserver.conversation.v1.BeginMessageRequest;
import dev.agentserver.conversation.v1.MessageStreamServiceGrpc;
import java.util.ArrayList;
import java.util.List;

/// Answers that are written piece by piece, many at once: how many pieces become durable, beside a
/// transaction for each, in the one statement that it could be at best.
public final class Deltas {
  private static final int AHEAD = 8;
  private static final String ONE = "gRPC, 1 ahead";
  private static final String MANY = "gRPC, %d ahead".formatted(AHEAD);
  private static final String FLOOR = "pgbench, each alone";

  private final Plan plan;
  private final Stage stage;

  public Deltas(Plan plan, Stage stage) {
    this.plan = plan;
    this.stage = stage;
  }

  public Section append() {
    stage.account().create(Ids.STREAMED, plan.streams(), 0);
    var server = stage.server().conversation();
    try (var answers = new Answers(server, stage.account(), plan.streams())) {
      var columns = new ArrayList<Column>();
      columns.add(
          new Column(MANY, true, plan.warmUp() * AHEAD, stage.ours(), answers.ahead(AHEAD)));
      columns.add(new Column(ONE, true, 0, stage.ours(), answers.ahead(1)));
      if (Pgbench.available()) {
        columns.add(new Column(FLOOR, false, 0, stage.floor(), floor()));
      }
      var measured = Rounds.measure(columns, plan.rounds(), plan.window());
      verify(answers.acknowledged());
      var title = "deltas of %,d streams".formatted(plan.streams());
      return new Section(title, measured, Deltas::findings);
    }
  }

  private Pgbench floor() {
    stage.account().create(Ids.GROWN, plan.streams(), 0);
    var channel = Account.channel(stage.server().conversation());
    var stub =
        Account.as(stage.account().token(), MessageStreamServiceGrpc.newBlockingStub(channel));
    Account.each(
        plan.streams(),
        n ->
            stub.beginMessage(
                BeginMessageRequest.newBuilder()
                    .setConversationId(Ids.of(Ids.GROWN, n))
                    .setMessageId(Ids.of(Ids.GROWN, n))
                    .build()));
    channel.shutdown();
    return new Pgbench(
        stage.server().postgres(), "delta.sql", stage.variables(Ids.GROWN, plan.streams()));
  }

  /// What was acknowledged is there.
  private void verify(long acknowledged) {
    var stored =
        stage
            .server()
            .postgres()
            .ask(
                """
                select coalesce(sum(length(content)), 0) from conversation_event
                where type = 'PART_DELTA' and conversation_id between '%s' and '%s'"""
                    .formatted(Ids.of(Ids.STREAMED, 1), Ids.of(Ids.STREAMED, plan.streams())));
    if (Long.parseLong(stored) < acknowledged) {
      throw new IllegalStateException(acknowledged + " were acknowledged, there are " + stored);
    }
  }

  /// A model does not wait for acknowledgements, so what is wanted is of those that are ahead.
  private static List<Finding> findings(Section section) {
    var findings = new ArrayList<Finding>();
    var many = section.column(MANY).orElseThrow();
    section
        .column(FLOOR)
        .ifPresent(
            floor -> {
              findings.add(Finding.rate(many, floor, 5));
              findings.add(Finding.yield(many, floor, 5));
            });
    return findings;
  }
}
