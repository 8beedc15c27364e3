package dev.agentserver.agentrun.usage;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a provider's report says, in units that are disjoint.
///
/// @param provider its name in the price book, whatever alias it was called by
/// @param readings what was used, by model; none unless the state is REPORTED or PARTIAL
/// @param reportedCost what the provider says it cost, in US dollars; null: it does not say
/// @param conditions what the report says of them
public record NormalizedUsage(
    String provider,
    List<Reading> readings,
    @Nullable BigDecimal reportedCost,
    Conditions conditions,
    List<Warning> warnings,
    State state) {
  /// How far it can be relied on.
  public enum State {
    /// The provider's own numbers, complete.
    REPORTED,
    /// The provider's own numbers, of a stream that was cut off.
    PARTIAL,
    /// Somebody's guess. Never made by the normaliser.
    ESTIMATED,
    /// There are no numbers in it.
    MISSING,
    /// The numbers contradict each other; the warnings say how.
    INVALID,
    /// Taken back: nothing was used. Never made by the normaliser.
    VOID
  }

  public NormalizedUsage {
    readings = List.copyOf(readings);
    warnings = List.copyOf(warnings);
  }
}
