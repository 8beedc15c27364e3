package dev.agentserver.agentrun.ledger;

import dev.agentserver.agentrun.price.Priced;
import dev.agentserver.agentrun.usage.Conditions;
import dev.agentserver.agentrun.usage.NormalizedUsage;
import dev.agentserver.agentrun.usage.Reading;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a call of a provider used, and what it cost.
///
/// @param key names it within the tenant
/// @param model the one that was called; readings may be of others that served it
/// @param readings what was used
/// @param lines what was charged
/// @param warnings what was odd about the report
/// @param late whether the lease, or the run, had ended
/// @param overHold whether it cost more than was reserved for it
public record UsageEvent(
    UUID id,
    String key,
    Attribution who,
    String provider,
    String model,
    String flavor,
    Conditions conditions,
    @Nullable UUID holdId,
    NormalizedUsage.State state,
    List<Reading> readings,
    Cost cost,
    List<Line> lines,
    List<String> warnings,
    boolean late,
    boolean overHold,
    Instant occurredAt,
    Instant recordedAt) {
  /// @param total the sum of the lines; null exactly when it is UNPRICED
  /// @param reported what the provider told; null: nothing
  /// @param variance what was reported, less the cost by the price book; null: one is missing
  public record Cost(
      Priced.State state,
      @Nullable BigDecimal total,
      @Nullable BigDecimal reported,
      @Nullable BigDecimal variance) {
    /// The cost of usage that was priced.
    public static Cost of(Priced priced, @Nullable BigDecimal reported) {
      var variance =
          reported == null || priced.computed() == null
              ? null
              : reported.subtract(priced.computed());
      return new Cost(priced.state(), priced.total(), reported, variance);
    }
  }

  /// The same with other usage and further lines: what it was for, when and of what stays.
  public UsageEvent revised(
      Conditions under,
      NormalizedUsage.State how,
      List<Reading> used,
      Cost costs,
      List<Line> charged,
      List<String> odd) {
    return new UsageEvent(
        id,
        key,
        who,
        provider,
        model,
        flavor,
        under,
        holdId,
        how,
        used,
        costs,
        charged,
        odd,
        late,
        overHold,
        occurredAt,
        recordedAt);
  }

  /// The same, of these.
  public UsageEvent of(Attribution whose) {
    return new UsageEvent(
        id,
        key,
        whose,
        provider,
        model,
        flavor,
        conditions,
        holdId,
        state,
        readings,
        cost,
        lines,
        warnings,
        late,
        overHold,
        occurredAt,
        recordedAt);
  }

  /// The same, of which it is known now whether it cost more than was reserved.
  public UsageEvent over(boolean hold) {
    return new UsageEvent(
        id,
        key,
        who,
        provider,
        model,
        flavor,
        conditions,
        holdId,
        state,
        readings,
        cost,
        lines,
        warnings,
        late,
        hold,
        occurredAt,
        recordedAt);
  }
}
