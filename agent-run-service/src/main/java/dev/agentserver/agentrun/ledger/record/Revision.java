package dev.agentserver.agentrun.ledger.record;

import dev.agentserver.agentrun.ledger.Attribution;
import dev.agentserver.agentrun.ledger.Line;
import dev.agentserver.agentrun.ledger.UsageEvent;
import dev.agentserver.agentrun.price.PriceLine;
import dev.agentserver.agentrun.price.Priced;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// An event as it is, and as it is to be: the same lines, and more.
record Revision(UsageEvent before, UsageEvent after) {
  /// The same of an event whose user was forgotten meanwhile.
  Revision of(Attribution who) {
    return new Revision(before.of(who), after.of(who));
  }

  /// The lines that come to those there are.
  List<Line> added() {
    return after.lines().subList(before.lines().size(), after.lines().size());
  }

  /// Whether anything is another: what was used, or what it costs.
  boolean isChange() {
    return !added().isEmpty()
        || before.state() != after.state()
        || before.cost().state() != after.cost().state()
        || !used(before).equals(used(after));
  }

  private static List<String> used(UsageEvent event) {
    return event.readings().stream()
        .flatMap(
            reading ->
                reading.quantities().entrySet().stream()
                    .map(
                        each ->
                            String.join(
                                "\0", reading.model(), each.getKey().key(), text(each.getValue()))))
        .toList();
  }

  BigDecimal costBefore() {
    return cost(before);
  }

  BigDecimal costAfter() {
    return cost(after);
  }

  private static BigDecimal cost(UsageEvent event) {
    return Objects.requireNonNullElse(event.cost().total(), BigDecimal.ZERO);
  }

  /// The lines of an event that comes to cost this: all that stand are taken back and replaced,
  /// unless they say the same.
  static List<Line> lines(UsageEvent event, Priced priced, Line.Kind kind) {
    var standing = standing(event);
    if (says(standing, priced.lines())) {
      return event.lines();
    }
    var lines = new ArrayList<>(event.lines());
    for (var line : standing) {
      lines.add(line.reversal(lines.size() + 1, kind));
    }
    for (var price : priced.lines()) {
      lines.add(new Line(lines.size() + 1, kind, 0, price));
    }
    return lines;
  }

  /// The lines that were not taken back.
  private static List<Line> standing(UsageEvent event) {
    var reversed =
        event.lines().stream().map(Line::reverses).collect(Collectors.toUnmodifiableSet());
    return event.lines().stream()
        .filter(line -> line.reverses() == 0 && !reversed.contains(line.number()))
        .toList();
  }

  /// Whether lines say the same, whatever version of the price they name.
  private static boolean says(List<Line> lines, List<PriceLine> prices) {
    return texts(lines.stream().map(Line::price).toList()).equals(texts(prices));
  }

  private static List<String> texts(List<PriceLine> prices) {
    return prices.stream()
        .map(
            price ->
                String.join(
                    "\0",
                    price.model(),
                    price.unit().key(),
                    text(price.quantity()),
                    text(price.unitPrice()),
                    text(price.per())))
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  private static String text(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
