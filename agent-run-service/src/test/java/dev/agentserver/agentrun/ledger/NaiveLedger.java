package dev.agentserver.agentrun.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.ledger.LedgerHarness.Person;
import dev.agentserver.agentrun.v1.QueryUsageRequest;
import dev.agentserver.agentrun.v1.UsageDimension;
import dev.agentserver.agentrun.v1.UsageSum;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What usage sums up to, by nothing but a list, decimals and the calendar of the JDK.
final class NaiveLedger {
  /// A call.
  ///
  /// @param keys what it belongs to, by the names of dimensions
  /// @param cost null: it has no price
  record Fact(
      Instant at,
      Map<String, String> keys,
      BigDecimal input,
      BigDecimal output,
      @Nullable BigDecimal cost) {}

  private final List<Fact> facts = new ArrayList<>();

  void add(Fact fact) {
    facts.add(fact);
  }

  BigDecimal cost() {
    return facts.stream()
        .map(fact -> fact.cost() == null ? BigDecimal.ZERO : fact.cost())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /// That the service says the same, page by page.
  ///
  /// @param zone empty: UTC
  void check(Person asker, String zone, String... dimensions) {
    var request = QueryUsageRequest.newBuilder().setTimeZone(zone);
    for (var dimension : dimensions) {
      request.addGroupBy(UsageDimension.valueOf("USAGE_DIMENSION_" + dimension));
    }
    var actual = new TreeMap<String, UsageSum>();
    do {
      var reply = asker.usage().queryUsage(request.build());
      for (var group : reply.getGroupsList()) {
        assertThat(actual.put(group.getKeysList().toString(), group.getSum())).isNull();
      }
      request.setPageToken(reply.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
    assertThat(actual).as(zone + " " + List.of(dimensions)).isEqualTo(sums(zone, dimensions));
  }

  private Map<String, UsageSum> sums(String zone, String... dimensions) {
    var groups = new TreeMap<String, List<Fact>>();
    for (var fact : facts) {
      groups
          .computeIfAbsent(
              key(fact, ZoneId.of(zone.isEmpty() ? "UTC" : zone), dimensions),
              _ -> new ArrayList<>())
          .add(fact);
    }
    var sums = new TreeMap<String, UsageSum>();
    groups.forEach((key, some) -> sums.put(key, sum(some)));
    return sums;
  }

  private static String key(Fact fact, ZoneId zone, String... dimensions) {
    var at = fact.at().atZone(zone);
    return Stream.of(dimensions)
        .map(
            dimension ->
                switch (dimension) {
                  case "DAY" -> LocalDate.from(at).toString();
                  case "HOUR" ->
                      at.toOffsetDateTime().truncatedTo(ChronoUnit.HOURS).toInstant().toString();
                  default -> fact.keys().getOrDefault(dimension, "");
                })
        .toList()
        .toString();
  }

  private static UsageSum sum(List<Fact> facts) {
    var input = BigDecimal.ZERO;
    var output = BigDecimal.ZERO;
    var cost = BigDecimal.ZERO;
    var unpriced = 0;
    for (var fact : facts) {
      input = input.add(fact.input());
      output = output.add(fact.output());
      if (fact.cost() == null) {
        unpriced++;
      } else {
        cost = cost.add(fact.cost());
      }
    }
    return UsageSum.newBuilder()
        .setEvents(facts.size())
        .setUnpricedEvents(unpriced)
        .setInputTokens(UsageProto.decimal(input))
        .setOutputTokens(UsageProto.decimal(output))
        .setCost(UsageProto.decimal(cost))
        .build();
  }
}
