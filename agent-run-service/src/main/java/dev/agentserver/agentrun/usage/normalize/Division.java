package dev.agentserver.agentrun.usage.normalize;

import dev.agentserver.agentrun.usage.Unit;
import dev.agentserver.agentrun.usage.normalize.Part.Place;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One reading of a usage: every token under one unit. What is left of a whole when its parts are
/// taken away is the whole's own unit.
///
/// @param units may be negative: then a part is larger than its whole
/// @param sum of what the provider's total contains
record Division(Map<Unit, BigDecimal> units, BigDecimal sum) {
  /// Where cached tokens of no modality in particular are taken from when the text is used up.
  private static final List<Unit> MODALITIES =
      List.of(Unit.INPUT_VIDEO, Unit.INPUT_IMAGE, Unit.INPUT_DOCUMENT, Unit.INPUT_AUDIO);

  /// The readings, that of the provider's habit first.
  static List<Division> all(Extractor extractor, Object usage, String model) {
    var open = new ArrayList<Unit>();
    extractor.wholes().stream()
        .flatMap(Part::all)
        .filter(part -> part.isOpen() && signum(part.count(usage)) > 0)
        .forEach(part -> open.add(part.unit()));
    var readings = new ArrayList<Division>();
    for (var choice = 0; choice < 1 << open.size(); choice++) {
      var moved = EnumSet.noneOf(Unit.class);
      for (var i = 0; i < open.size(); i++) {
        if ((choice >> i & 1) == 1) {
          moved.add(open.get(i));
        }
      }
      readings.add(of(extractor, usage, model, moved));
    }
    return readings;
  }

  private static Division of(Extractor extractor, Object usage, String model, Set<Unit> moved) {
    var dividing = new Dividing(usage, model);
    for (var whole : extractor.wholes()) {
      dividing.whole(moved.isEmpty() ? whole : whole.with(part -> placed(part, moved)));
    }
    return dividing.done();
  }

  private static Part placed(Part part, Set<Unit> moved) {
    return part.isOpen() && moved.contains(part.unit())
        ? part.at(part.isInside() ? Place.OUTSIDE : Place.INSIDE)
        : part;
  }

  boolean isValid() {
    return units.values().stream().allMatch(count -> count.signum() >= 0);
  }

  private static int signum(@Nullable BigDecimal count) {
    return count == null ? 0 : count.signum();
  }

  /// The work of it.
  private static final class Dividing {
    private final Object usage;
    private final String model;
    private final Map<Unit, BigDecimal> units = new EnumMap<>(Unit.class);
    private BigDecimal sum = BigDecimal.ZERO;
    private BigDecimal unnamed = BigDecimal.ZERO;

    Dividing(Object usage, String model) {
      this.usage = usage;
      this.model = model;
    }

    void whole(Part whole) {
      if (whole.isOf(model)) {
        var count = divide(whole);
        if (whole.counted()) {
          sum = sum.add(count);
        }
      }
    }

    /// Puts a part and its parts under their units, and returns how much it is as a whole.
    private BigDecimal divide(Part part) {
      var inside = BigDecimal.ZERO;
      for (var each : part.parts()) {
        var count = divide(each);
        if (each.isInside()) {
          inside = inside.add(count);
        } else if (each.counted()) {
          sum = sum.add(count);
        }
      }
      var reported = part.count(usage);
      // A field that is left out has at least what its parts say.
      var count = reported == null ? inside : less(part, reported);
      var rest = count.subtract(inside);
      units.merge(part.unit(), rest, BigDecimal::add);
      if (part.anyModality()) {
        unnamed = unnamed.add(rest);
      }
      return count;
    }

    /// A modality's tokens without those that were counted when they were read from the cache.
    private BigDecimal less(Part part, BigDecimal reported) {
      var cached = part.less() == null ? null : units.get(part.less());
      return cached == null || reported.signum() == 0 ? reported : reported.subtract(cached);
    }

    Division done() {
      var missing = units.getOrDefault(Unit.INPUT, BigDecimal.ZERO).negate();
      if (missing.signum() > 0 && missing.compareTo(unnamed) <= 0) {
        for (var unit : MODALITIES) {
          var there = units.getOrDefault(unit, BigDecimal.ZERO);
          var taken = there.min(missing);
          if (taken.signum() > 0) {
            units.put(unit, there.subtract(taken));
            units.merge(Unit.INPUT, taken, BigDecimal::add);
            missing = missing.subtract(taken);
          }
        }
      }
      return new Division(units, sum);
    }
  }
}
