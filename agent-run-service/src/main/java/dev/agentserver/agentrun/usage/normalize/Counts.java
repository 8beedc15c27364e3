package dev.agentserver.agentrun.usage.normalize;

import dev.agentserver.agentrun.usage.Warning;
import dev.agentserver.agentrun.usage.Warning.Code;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/// Which values count something.
final class Counts {
  private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");
  private static final int MAX_DIGITS = 18;
  private static final int MAX_DECIMALS = 40;

  private Counts() {}

  /// A field that should count and does not.
  static final class NotACount extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Warning warning;

    NotACount(Path path, Object value) {
      super(path.text(), null, false, false);
      this.warning = new Warning(Code.NOT_A_COUNT, path.text(), value + " is not a count");
    }

    Warning warning() {
      return warning;
    }
  }

  /// A number that is not negative, and not so large that arithmetic would take long. Some clients
  /// write whole numbers as text.
  static BigDecimal of(Path path, Object value) {
    if (value instanceof BigDecimal number && number.signum() >= 0 && isSmall(number)) {
      return number;
    }
    if (value instanceof String text && DIGITS.matcher(text).matches()) {
      return new BigDecimal(text);
    }
    throw new NotACount(path, value);
  }

  private static boolean isSmall(BigDecimal number) {
    return number.scale() <= MAX_DECIMALS
        && (long) number.precision() - number.scale() <= MAX_DIGITS;
  }
}
