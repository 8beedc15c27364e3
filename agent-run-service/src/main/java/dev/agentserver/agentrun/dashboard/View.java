package dev.agentserver.agentrun.dashboard;

import dev.agentserver.agentrun.ledger.Sum;
import dev.agentserver.agentrun.ledger.budget.Budgets;
import dev.agentserver.agentrun.ledger.query.QueryStore.Group;
import dev.agentserver.agentrun.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a dashboard shows of some days.
///
/// @param end not itself
/// @param previous of as many days before
/// @param days by their dates
/// @param unpriced models without a price
record View(
    Instant start,
    Instant end,
    Sum current,
    Sum previous,
    List<Group> days,
    List<Group> models,
    List<Group> agents,
    List<Group> users,
    List<Group> conversations,
    List<Group> unpriced,
    Runs runs,
    List<Budgets.Status> budgets) {
  /// The runs that were created in these days.
  ///
  /// @param average how long they took; null: none has ended
  /// @param p95 how long 95 of 100 took at most
  record Runs(Map<RunState, Integer> states, @Nullable Duration average, @Nullable Duration p95) {
    private int count(RunState state) {
      return states.getOrDefault(state, 0);
    }

    /// How many succeeded of those that came to an end by themselves; null: none did.
    @Nullable Double successRate() {
      var good = count(RunState.SUCCEEDED);
      var all = good + count(RunState.FAILED) + count(RunState.TIMED_OUT);
      return all == 0 ? null : (double) good / all;
    }
  }
}
