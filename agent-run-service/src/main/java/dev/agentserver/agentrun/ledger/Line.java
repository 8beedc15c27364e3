package dev.agentserver.agentrun.ledger;

import dev.agentserver.agentrun.price.PriceLine;

/// A line of the ledger.
///
/// @param number its place in its event, from 1
/// @param reverses the line that it takes back; 0: none
public record Line(int number, Kind kind, int reverses, PriceLine price) {
  /// Why there is a line.
  public enum Kind {
    /// The usage was recorded.
    CHARGE,
    /// Its price has changed, or has come.
    REPRICE,
    /// What was recorded was wrong.
    CORRECTION
  }

  /// The line that takes this one back.
  public Line reversal(int number, Kind kind) {
    var taken =
        new PriceLine(
            price.model(),
            price.unit(),
            price.quantity().negate(),
            price.unitPrice(),
            price.per(),
            price.versionId(),
            price.cost().negate());
    return new Line(number, kind, this.number, taken);
  }
}
