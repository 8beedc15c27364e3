package dev.agentserver.kit.eventlog;

import dev.agentserver.kit.db.DatabaseFaults;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.util.List;
import java.util.function.Function;

/// Writes groups. One that fails because of what is in it is halved until what is bad fails alone.
final class GroupWriter<I, O> {
  private final Function<List<I>, List<Outcome<O>>> flush;

  GroupWriter(Function<List<I>, List<Outcome<O>>> flush) {
    this.flush = flush;
  }

  void write(List<Item<I, O>> group) {
    List<Outcome<O>> outcomes;
    try {
      outcomes = flush.apply(group.stream().map(Item::value).toList());
    } catch (RuntimeException failure) {
      if (group.size() == 1 || !ofAnItem(failure)) {
        fail(group, failure);
      } else {
        write(group.subList(0, group.size() / 2));
        write(group.subList(group.size() / 2, group.size()));
      }
      return;
    } catch (Error error) {
      // Somebody waits for an answer, and the lane has others to serve.
      fail(group, new IllegalStateException("a group could not be written", error));
      return;
    }
    settle(group, outcomes);
  }

  static <I, O> void settle(List<Item<I, O>> items, List<Outcome<O>> outcomes) {
    if (outcomes.size() != items.size()) {
      fail(
          items,
          new IllegalStateException(outcomes.size() + " outcomes for " + items.size() + " items"));
      return;
    }
    for (var i = 0; i < items.size(); i++) {
      items.get(i).settle(outcomes.get(i));
    }
  }

  private static <I, O> void fail(List<Item<I, O>> items, RuntimeException failure) {
    items.forEach(item -> item.settle(new Outcome.Failed<>(failure)));
  }

  /// A database that is away or overloaded is so for all: each half would wait for it in vain.
  private static boolean ofAnItem(RuntimeException failure) {
    if (failure instanceof ProblemException refused) {
      return !(refused.problem() instanceof Problem.Unavailable)
          && !(refused.problem() instanceof Problem.Overloaded);
    }
    return DatabaseFaults.problem(failure).isEmpty();
  }
}
