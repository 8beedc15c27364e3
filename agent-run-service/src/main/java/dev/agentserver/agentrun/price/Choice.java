package dev.agentserver.agentrun.price;

import dev.agentserver.agentrun.usage.Conditions;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which version of a model's prices is that of a call.
public final class Choice {
  private Choice() {}

  /// The tenant's own before everybody's; the model's own name before that without its date; a
  /// price for the region or for the time of day before one for all.
  ///
  /// A service tier and a batch have their own prices or none: to take the ordinary price for them
  /// would be a guess.
  public static Optional<PriceVersion> of(
      Collection<PriceVersion> versions,
      List<String> names,
      Conditions conditions,
      Instant occurredAt) {
    return versions.stream()
        .filter(version -> names.contains(version.key().model()))
        .filter(version -> matches(version.key(), conditions))
        .filter(version -> version.isInForce(occurredAt))
        .min(
            Comparator.comparing(PriceVersion::shared)
                .thenComparing(version -> names.indexOf(version.key().model()))
                .thenComparing(version -> version.key().region().isEmpty())
                .thenComparing(version -> version.key().daily().equals(Daily.ALWAYS)));
  }

  private static boolean matches(PriceKey key, Conditions conditions) {
    return key.tier().equals(conditions.tier())
        && key.batch() == conditions.batch()
        && (key.region().isEmpty() || key.region().equals(conditions.region()));
  }
}
