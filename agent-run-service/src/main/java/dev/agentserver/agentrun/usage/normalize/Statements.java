package dev.agentserver.agentrun.usage.normalize;

import dev.agentserver.agentrun.usage.Conditions;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a report says beside the counts: under which conditions, and for how much.
final class Statements {
  private static final String BATCH = "batch";

  private Statements() {}

  static Conditions conditions(Extractor extractor, Report report) {
    var terms = extractor.terms();
    var tiers =
        terms.tier().stream()
            .map(path -> report.text(List.of(path)).toLowerCase(Locale.ROOT))
            .filter(Predicate.not(String::isEmpty))
            .filter(value -> !terms.standard().contains(value))
            .map(value -> terms.others().getOrDefault(value, value))
            .toList();
    var tier = tiers.stream().filter(value -> !value.equals(BATCH)).findFirst().orElse("");
    var region = report.text(terms.region()).toLowerCase(Locale.ROOT);
    return new Conditions(
        tier, tiers.contains(BATCH), terms.anywhere().contains(region) ? "" : region);
  }

  /// What the provider says that it cost; null: nothing. Where a key of the customer's was used,
  /// that is what the customer's own account was charged.
  static @Nullable BigDecimal reportedCost(Extractor extractor, Report report) {
    var reported = extractor.reported();
    if (reported == null) {
      return null;
    }
    var flag = reported.flag();
    var owned = flag != null && report.values(flag).anyMatch(Boolean.TRUE::equals);
    var upstream = reported.upstream();
    var at = owned && upstream != null ? upstream : reported.at();
    var cost = at.count(report.usage());
    return cost == null ? null : cost.multiply(reported.times()).stripTrailingZeros();
  }
}
