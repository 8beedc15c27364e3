package dev.agentserver.agentrun.usage.normalize;

import dev.agentserver.agentrun.text.Json;
import dev.agentserver.agentrun.usage.Reading;
import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.usage.Unit.Side;
import dev.agentserver.agentrun.usage.Warning;
import dev.agentserver.agentrun.usage.Warning.Code;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The readings of a report: one of each call that the response is made of.
final class Readings {
  private final Extractor extractor;
  private final List<Warning> warnings;

  private Readings(Extractor extractor, List<Warning> warnings) {
    this.extractor = extractor;
    this.warnings = warnings;
  }

  /// A part that is larger than its whole.
  static final class Negative extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Warning warning;

    Negative(Unit unit, BigDecimal count) {
      super(unit.key(), null, false, false);
      this.warning =
          new Warning(
              Code.NEGATIVE_BUCKET,
              unit.key(),
              "the parts of it that are counted apart are more than there is: "
                  + count.toPlainString()
                  + " would be left");
    }

    Warning warning() {
      return warning;
    }
  }

  static List<Reading> of(
      Extractor extractor, Report report, String model, List<Warning> warnings) {
    var readings = new Readings(extractor, warnings);
    var whole = readings.divide(report.usage(), model);
    var calls = readings.calls(report, model, whole);
    return calls.isEmpty() ? List.of(new Reading(model, whole)) : calls;
  }

  /// The disjoint units of one usage.
  private Map<Unit, BigDecimal> divide(Object usage, String model) {
    var divisions = Division.all(extractor, usage, model);
    var total = total(usage);
    var matching =
        total == null
            ? divisions.getFirst()
            : divisions.stream()
                .filter(Division::isValid)
                .filter(each -> each.sum().compareTo(total) == 0)
                .findFirst()
                .orElse(divisions.getFirst());
    matching.units().forEach(this::require);
    if (total != null && matching.sum().compareTo(total) != 0) {
      warnings.add(
          new Warning(
              Code.TOTAL_MISMATCH,
              "",
              "the provider's total is "
                  + total.toPlainString()
                  + ", what it counts is "
                  + matching.sum().toPlainString()));
    }
    extractor.wholes().stream().flatMap(Part::all).forEach(part -> compare(part, usage));
    return matching.units();
  }

  private @Nullable BigDecimal total(Object usage) {
    return extractor.total().stream()
        .map(path -> path.count(usage))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private void require(Unit unit, BigDecimal count) {
    if (count.signum() < 0) {
      throw new Negative(unit, count);
    }
    // Tokens, searches and calls are whole; seconds need not be.
    if (unit != Unit.AUDIO_SECOND && count.stripTrailingZeros().scale() > 0) {
      throw new Counts.NotACount(Path.of(unit.key()), count);
    }
  }

  /// A field and what it should be the sum of.
  private void compare(Part part, Object usage) {
    var added = part.added(usage);
    var count = part.count(usage);
    if (added != null && count != null && added.compareTo(count) != 0) {
      warnings.add(
          new Warning(
              Code.TOTAL_MISMATCH,
              part.at().getFirst().text(),
              count.toPlainString() + " is not the sum of its parts, " + added.toPlainString()));
    }
  }

  /// A reading of each call, with what only the whole counts in the first of the response's own
  /// model; none when it is not made of calls.
  private List<Reading> calls(Report report, String model, Map<Unit, BigDecimal> whole) {
    var split = extractor.split();
    if (split == null) {
      return List.of();
    }
    var readings = new ArrayList<Reading>();
    var own = new ArrayList<Map<Unit, BigDecimal>>();
    for (var call :
        report.values(split.each()).flatMap(each -> Json.list(each).stream()).toList()) {
      var usage = split.usage().values(call).stream().filter(extractor::fits).findFirst();
      if (usage.isPresent()) {
        var named = text(split.model(), call);
        var called = named.isEmpty() ? model : named;
        var units = divide(usage.get(), called);
        readings.add(new Reading(called, units));
        if (split.own().contains(text(split.type(), call))) {
          own.add(units);
        }
      }
    }
    if (!readings.isEmpty()) {
      compare(own, whole);
      addOthers(readings, model, whole);
    }
    return readings;
  }

  private static String text(Path path, @Nullable Object from) {
    var found = path.values(from);
    return !found.isEmpty() && found.getFirst() instanceof String text ? text : "";
  }

  /// What goes in is counted by some responses of the first call alone: the others repeat it.
  private void compare(List<Map<Unit, BigDecimal>> own, Map<Unit, BigDecimal> whole) {
    for (var side : List.of(Side.INPUT, Side.OUTPUT)) {
      var calls = own.stream().map(units -> new Reading("", units).tokens(side)).toList();
      var sum = calls.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
      var all = new Reading("", whole).tokens(side);
      var first = side == Side.INPUT && !calls.isEmpty() && all.compareTo(calls.getFirst()) == 0;
      if (sum.compareTo(all) != 0 && !first) {
        warnings.add(
            new Warning(
                Code.TOTAL_MISMATCH,
                extractor.name(),
                "the calls add up to "
                    + sum.toPlainString()
                    + " tokens of "
                    + side
                    + ", the response says "
                    + all.toPlainString()));
      }
    }
  }

  /// What is no token is counted by the response alone.
  private static void addOthers(List<Reading> readings, String model, Map<Unit, BigDecimal> whole) {
    var others = new EnumMap<Unit, BigDecimal>(Unit.class);
    whole.forEach(
        (unit, count) -> {
          if (unit.side() == Side.OTHER && count.signum() > 0) {
            others.put(unit, count);
          }
        });
    if (others.isEmpty()) {
      return;
    }
    for (var i = 0; i < readings.size(); i++) {
      if (readings.get(i).model().equals(model)) {
        readings
            .get(i)
            .quantities()
            .forEach((unit, count) -> others.merge(unit, count, BigDecimal::max));
        readings.set(i, new Reading(model, others));
        return;
      }
    }
    readings.add(new Reading(model, others));
  }
}
