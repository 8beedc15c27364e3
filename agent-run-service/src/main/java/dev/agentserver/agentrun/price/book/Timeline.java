package dev.agentserver.agentrun.price.book;

import dev.agentserver.agentrun.price.Daily;
import dev.agentserver.agentrun.price.PriceVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The versions of a price, one after the other. A new one takes the place of what there was for as
/// long as it is in force.
final class Timeline {
  private final Map<UUID, PriceVersion> before = new LinkedHashMap<>();
  private final List<PriceVersion> now;
  private final Supplier<UUID> ids;

  /// What is to be written: in this order, so that at no time two versions meet.
  ///
  /// @param withdrawn those that are left without any time
  /// @param moved those that begin later or end earlier
  record Changes(List<UUID> withdrawn, List<PriceVersion> moved, List<PriceVersion> added) {}

  /// @param ids for the rest of a version that a new one cuts in two
  Timeline(List<PriceVersion> versions, Supplier<UUID> ids) {
    versions.forEach(version -> before.put(version.id(), version));
    this.now = new ArrayList<>(versions);
    this.ids = ids;
  }

  /// Those that a version would take the place of, wholly or in part.
  List<PriceVersion> beneath(PriceVersion version) {
    return now.stream().filter(each -> meet(each, version)).toList();
  }

  void put(PriceVersion version) {
    for (var old : beneath(version)) {
      now.remove(old);
      var isEarlier = isBefore(old.from(), version.from());
      if (isEarlier) {
        now.add(old.during(old.from(), version.from()));
      }
      if (endsAfter(old.until(), version.until())) {
        var rest = isEarlier ? copy(old) : old;
        now.add(rest.during(version.until(), old.until()));
      }
    }
    now.add(version);
  }

  private PriceVersion copy(PriceVersion old) {
    return new PriceVersion(
        ids.get(), old.shared(), old.key(), old.from(), old.until(), old.source(), old.rates());
  }

  Changes changes() {
    var left = now.stream().map(PriceVersion::id).toList();
    return new Changes(
        before.keySet().stream().filter(id -> !left.contains(id)).toList(),
        now.stream().filter(each -> isMoved(before.get(each.id()), each)).toList(),
        now.stream().filter(each -> !before.containsKey(each.id())).toList());
  }

  private static boolean isMoved(@Nullable PriceVersion old, PriceVersion version) {
    return old != null && !old.equals(version);
  }

  private static boolean meet(PriceVersion some, PriceVersion other) {
    return meet(some.key().daily(), other.key().daily())
        && (some.until() == null || isBefore(other.from(), some.until()))
        && (other.until() == null || isBefore(some.from(), other.until()));
  }

  private static boolean meet(Daily some, Daily other) {
    return some.from() < other.until() && other.from() < some.until();
  }

  /// Of beginnings: none is before every time.
  private static boolean isBefore(@Nullable Instant some, @Nullable Instant other) {
    return other != null && (some == null || some.isBefore(other));
  }

  /// Of ends: none is after every time.
  private static boolean endsAfter(@Nullable Instant some, @Nullable Instant other) {
    return other != null && (some == null || some.isAfter(other));
  }
}
