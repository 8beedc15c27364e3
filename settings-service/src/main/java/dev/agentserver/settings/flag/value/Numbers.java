package dev.agentserver.settings.flag.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/// Numbers as JavaScript reads them from text and prints them: ECMAScript 2024, StringToNumber
/// (7.1.4.1) and Number::toString (6.1.6.1.20).
public final class Numbers {
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
  private static final double LONGEST_INTEGER = 1e15;
  private static final int WRITTEN_OUT = 21;
  private static final int SMALLEST_EXPONENT = -6;

  private Numbers() {}

  /// NaN where the text is no number; 0 where it is empty or blank.
  public static double parse(String text) {
    var trimmed = text.strip();
    if (trimmed.isEmpty()) {
      return 0;
    }
    return switch (trimmed) {
      case "Infinity", "+Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default ->
          DECIMAL.matcher(trimmed).matches() ? Double.parseDouble(trimmed) : withPrefix(trimmed);
    };
  }

  private static double withPrefix(String text) {
    if (text.length() < 3 || text.charAt(0) != '0') {
      return Double.NaN;
    }
    var radix =
        switch (text.charAt(1)) {
          case 'x', 'X' -> 16;
          case 'o', 'O' -> 8;
          case 'b', 'B' -> 2;
          default -> 0;
        };
    var digits = text.substring(2);
    if (radix == 0 || digits.chars().anyMatch(c -> c > 'f' || Character.digit(c, radix) < 0)) {
      return Double.NaN;
    }
    return new BigInteger(digits, radix).doubleValue();
  }

  /// The shortest text that reads back as the same number, as JavaScript lays it out.
  public static String print(double number) {
    if (number == Math.rint(number) && Math.abs(number) < LONGEST_INTEGER) {
      return Long.toString((long) number);
    }
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return Double.toString(number);
    }
    var exact = new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros();
    var sign = number < 0 ? "-" : "";
    return sign + layOut(exact.unscaledValue().toString(), exact.precision() - exact.scale());
  }

  /// @param point how many digits stand before the decimal point
  private static String layOut(String digits, int point) {
    var length = digits.length();
    if (length <= point && point <= WRITTEN_OUT) {
      return digits + "0".repeat(point - length);
    }
    if (0 < point && point <= WRITTEN_OUT) {
      return digits.substring(0, point) + "." + digits.substring(point);
    }
    if (SMALLEST_EXPONENT < point && point <= 0) {
      return "0." + "0".repeat(-point) + digits;
    }
    var exponent = point - 1;
    var fraction = length == 1 ? "" : "." + digits.substring(1);
    return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
  }
}
