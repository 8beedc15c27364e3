package dev.agentserver.agentrun.price;

import dev.agentserver.agentrun.usage.Unit;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a call cost, as far as that is known.
///
/// @param total the sum of the lines; null exactly when the state is UNPRICED
/// @param computed what it costs by the price book, which is the total unless the provider named
///     another; null: not everything has a price. What it differs by is the variance
/// @param lines none when the state is UNPRICED
/// @param missing what has no price
public record Priced(
    State state,
    @Nullable BigDecimal total,
    @Nullable BigDecimal computed,
    List<PriceLine> lines,
    List<Missing> missing) {
  /// Where the total is from.
  public enum State {
    /// From the price book; where the provider names a cost too, it names the same.
    PRICED,
    /// From the provider: its word wins over the price book.
    REPORTED,
    /// From nowhere: something has no price.
    UNPRICED
  }

  /// A unit that was used and has no price.
  public record Missing(String model, Unit unit) {}

  public Priced {
    lines = List.copyOf(lines);
    missing = List.copyOf(missing);
  }
}
