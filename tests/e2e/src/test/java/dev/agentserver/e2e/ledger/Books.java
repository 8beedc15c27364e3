package dev.agentserver.e2e.ledger;

import dev.agentserver.agentrun.v1.UsageRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// What clients spent, reserved and were promised, to be compared with what is there afterwards.
final class Books {
  /// Usage as it was sent, and what it costs by the test's own arithmetic.
  record Usage(UsageRecord record, String user, BigDecimal cost) {}

  /// Usage as it is in the ledger.
  ///
  /// @param cost the sum of its lines
  record Stored(String key, String user, BigDecimal cost) {}

  private final Map<String, Usage> sent = new ConcurrentHashMap<>();
  private final Map<String, BigDecimal> acknowledged = new ConcurrentHashMap<>();

  /// hold → user and what is reserved
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  private final AtomicInteger refusals = new AtomicInteger();

  private record Held(String user, BigDecimal amount) {}

  void sent(Usage usage) {
    sent.put(usage.record().getIdempotencyKey(), usage);
  }

  void acknowledged(String key, String cost) {
    acknowledged.put(key, new BigDecimal(cost));
  }

  /// A stream's reply names no costs.
  void acknowledged(String key) {
    acknowledged.putIfAbsent(key, sent.get(key).cost());
  }

  void holds(String hold, String user, String amount) {
    held.put(hold, new Held(user, new BigDecimal(amount)));
  }

  void ended(String hold) {
    held.remove(hold);
  }

  void refused() {
    refusals.incrementAndGet();
  }

  /// How often a budget did not leave enough.
  int refusals() {
    return refusals.get();
  }

  int acknowledgements() {
    return acknowledged.size();
  }

  Collection<Usage> everything() {
    return sent.values();
  }

  /// What a user has spent; null: what all have.
  BigDecimal spent(String user) {
    return sent.values().stream()
        .filter(usage -> user == null || usage.user().equals(user))
        .map(Usage::cost)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /// What a user has reserved and neither spent nor given back; null: what all have.
  BigDecimal held(String user) {
    return held.values().stream()
        .filter(one -> user == null || one.user().equals(user))
        .map(Held::amount)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /// Everything that is wrong with the ledger, once every call was answered: nothing, when every
  /// promise was kept.
  List<String> violations(List<Stored> stored) {
    var violations = new ArrayList<String>();
    var found = new HashMap<String, Stored>();
    for (var one : stored) {
      if (found.put(one.key(), one) != null) {
        violations.add("twice: " + one);
      }
      var usage = sent.get(one.key());
      if (usage == null) {
        violations.add("never sent: " + one);
      } else if (!usage.user().equals(one.user()) || usage.cost().compareTo(one.cost()) != 0) {
        violations.add("wrong: " + one + " in place of " + usage.user() + " " + usage.cost());
      }
    }
    sent.forEach(
        (key, usage) -> {
          var cost = acknowledged.get(key);
          if (cost == null) {
            violations.add("never answered: " + key);
          } else if (cost.compareTo(usage.cost()) != 0) {
            violations.add("acknowledged at " + cost + " in place of " + usage.cost());
          }
          if (!found.containsKey(key)) {
            violations.add("lost: " + key);
          }
        });
    return violations;
  }
}
