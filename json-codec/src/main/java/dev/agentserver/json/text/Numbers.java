package dev.agentserver.json.text;

/// Prints numbers. Whole ones are printed as such, also where the type is a double: JSON has one
/// kind of number, a Struct holds each as a double, and `3.0` would be another argument to a tool
/// than the `3` a model gave it, in languages that tell integers from floats.
public final class Numbers {
  /// Beyond this not every integer is a double.
  private static final double LARGEST_WHOLE = 1L << 53;

  private static final byte[] LEAST =
      "-9223372036854775808".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final int MOST_DIGITS = 20;

  private Numbers() {}

  public static void print(Buffer out, long value) {
    if (value == Long.MIN_VALUE) {
      out.put(LEAST);
      return;
    }
    out.reserve(MOST_DIGITS);
    if (value < 0) {
      out.put('-');
    }
    long rest = Math.abs(value);
    int digits = digits(rest);
    var bytes = out.array();
    for (int at = out.size() + digits - 1; at >= out.size(); at--) {
      long tenth = rest / 10;
      bytes[at] = (byte) ('0' + (rest - tenth * 10));
      rest = tenth;
    }
    out.advance(digits);
  }

  private static int digits(long value) {
    int digits = 1;
    for (long limit = 10; digits < 19 && value >= limit; limit *= 10) {
      digits++;
    }
    return digits;
  }

  public static void printUnsigned(Buffer out, long value) {
    if (value >= 0) {
      print(out, value);
    } else {
      out.ascii(Long.toUnsignedString(value));
    }
  }

  /// The shortest text that reads as this number again; what is no number, as a string.
  public static void print(Buffer out, double value) {
    if (isWhole(value)) {
      print(out, (long) value);
    } else if (Double.isFinite(value)) {
      out.ascii(Double.toString(value));
    } else {
      special(out, value);
    }
  }

  public static void print(Buffer out, float value) {
    if (!Float.isFinite(value)) {
      special(out, value);
      return;
    }
    var shortest = Float.toString(value);
    var read = Double.parseDouble(shortest);
    if (isWhole(read)) {
      print(out, (long) read);
    } else {
      out.ascii(shortest);
    }
  }

  /// An integer has no negative zero.
  private static boolean isWhole(double value) {
    return value == Math.rint(value)
        && Math.abs(value) <= LARGEST_WHOLE
        && Double.doubleToRawLongBits(value) != Long.MIN_VALUE;
  }

  private static void special(Buffer out, double value) {
    out.put('"');
    out.ascii(Double.toString(value));
    out.put('"');
  }
}
