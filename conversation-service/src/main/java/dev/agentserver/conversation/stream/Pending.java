package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.stream.StreamStore.Asked;
import dev.agentserver.kit.eventlog.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What writers have sent and what is not written yet, when another transaction comes to the same
/// message: it takes them along, so that nothing that was sent before it comes after it.
final class Pending {
  private final List<Append> appends;
  private final List<@Nullable RuntimeException> refusals = new ArrayList<>();
  private @Nullable Growing growing;

  Pending(List<Append> appends) {
    this.appends = appends;
  }

  static Pending none() {
    return new Pending(List.of());
  }

  List<Append> appends() {
    return appends;
  }

  /// Adds them to the message. A transaction that is tried again does it again.
  void takeInto(Growing message, Map<Asked, Writing> found) {
    refusals.clear();
    for (var append : appends) {
      var seen = found.get(Asked.by(append));
      refusals.add(seen == null ? Writing.missing(append.messageId()) : message.take(append, seen));
    }
    growing = message;
  }

  /// What became of them, once the transaction is committed; empty when it did not take them.
  List<Outcome<Progress>> outcomes() {
    var outcomes = new ArrayList<Outcome<Progress>>();
    if (growing != null) {
      for (var refusal : refusals) {
        outcomes.add(
            refusal == null
                ? new Outcome.Done<>(growing.progress())
                : new Outcome.Failed<>(refusal));
      }
    }
    return outcomes;
  }
}
