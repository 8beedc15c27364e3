package dev.agentserver.agentrun.export;

import java.math.BigDecimal;

/// Numbers as texts.
final class Decimals {
  private Decimals() {}

  /// Exact, and the same for the same number: no exponent, no zeros at the end.
  static String text(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
