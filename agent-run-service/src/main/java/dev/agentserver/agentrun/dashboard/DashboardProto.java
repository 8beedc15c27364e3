package dev.agentserver.agentrun.dashboard;

import static dev.agentserver.agentrun.text.ProtoText.timestamp;

import com.google.protobuf.Duration;
import dev.agentserver.agentrun.ledger.UsageProto;
import dev.agentserver.agentrun.ledger.budget.BudgetProto;
import dev.agentserver.agentrun.ledger.query.QueryStore.Group;
import dev.agentserver.agentrun.v1.Dashboard;
import dev.agentserver.agentrun.v1.Run;
import java.util.List;
import java.util.Map;

/// Between the contract of dashboards and ours.
final class DashboardProto {
  private DashboardProto() {}

  static Dashboard toProto(View view) {
    return Dashboard.newBuilder()
        .setStartTime(timestamp(view.start()))
        .setEndTime(timestamp(view.end()))
        .setCurrent(UsageProto.toProto(view.current()))
        .setPrevious(UsageProto.toProto(view.previous()))
        .addAllDays(view.days().stream().map(DashboardProto::day).toList())
        .addAllModels(models(view.models()))
        .addAllAgents(shares(view.agents()))
        .addAllUsers(shares(view.users()))
        .addAllConversations(shares(view.conversations()))
        .addAllUnpriced(models(view.unpriced()))
        .setRuns(runs(view.runs()))
        .addAllBudgets(view.budgets().stream().map(BudgetProto::toProto).toList())
        .build();
  }

  private static Dashboard.Day day(Group group) {
    return Dashboard.Day.newBuilder()
        .setDay(group.keys().getFirst())
        .setSum(UsageProto.toProto(group.sum()))
        .build();
  }

  private static List<Dashboard.Model> models(List<Group> groups) {
    return groups.stream()
        .map(
            group ->
                Dashboard.Model.newBuilder()
                    .setProvider(group.keys().getFirst())
                    .setModel(group.keys().getLast())
                    .setSum(UsageProto.toProto(group.sum()))
                    .build())
        .toList();
  }

  private static List<Dashboard.Share> shares(List<Group> groups) {
    return groups.stream()
        .map(
            group ->
                Dashboard.Share.newBuilder()
                    .setId(group.keys().getFirst())
                    .setSum(UsageProto.toProto(group.sum()))
                    .build())
        .toList();
  }

  private static Dashboard.Runs runs(View.Runs runs) {
    var proto = Dashboard.Runs.newBuilder();
    runs.states().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            state ->
                proto.addStates(
                    Dashboard.StateCount.newBuilder()
                        .setState(Run.State.valueOf("STATE_" + state.getKey().name()))
                        .setRuns(state.getValue())));
    var rate = runs.successRate();
    if (rate != null) {
      proto.setSuccessRate(rate);
    }
    if (runs.average() != null && runs.p95() != null) {
      proto.setAverageDuration(duration(runs.average())).setP95Duration(duration(runs.p95()));
    }
    return proto.build();
  }

  private static Duration duration(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
