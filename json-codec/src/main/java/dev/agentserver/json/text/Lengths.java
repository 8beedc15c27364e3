package dev.agentserver.json.text;

import java.nio.charset.StandardCharsets;

/// google.protobuf.Duration: seconds with a fraction and an `s`, of at most 10,000 years.
public final class Lengths {
  private static final long LONGEST = 315_576_000_000L;
  private static final int MOST_DIGITS = 12;
  private static final String WRONG = "is not a duration in seconds, for example \"1.5s\"";

  private Lengths() {}

  /// @return whether there is such a duration
  public static boolean print(Buffer out, long seconds, int nanos) {
    boolean opposed = seconds > 0 && nanos < 0 || seconds < 0 && nanos > 0;
    if (opposed
        || seconds < -LONGEST
        || seconds > LONGEST
        || nanos <= -Span.NANOS
        || nanos >= Span.NANOS) {
      return false;
    }
    if (seconds < 0 || nanos < 0) {
      out.put('-');
    }
    Numbers.print(out, Math.abs(seconds));
    Span.printFraction(out, Math.abs(nanos));
    out.put('s');
    return true;
  }

  public static Span parse(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length);
  }

  /// What is no duration is an IllegalArgumentException whose message follows the field's name.
  public static Span parse(byte[] text, int from, int to) {
    int end = to - 1;
    if (end < from || text[end] != 's') {
      throw wrong();
    }
    boolean negative = text[from] == '-';
    int start = negative ? from + 1 : from;
    int point = start;
    while (point < end && text[point] != '.') {
      point++;
    }
    if (point == start || point - start > MOST_DIGITS || point + 1 == end) {
      throw wrong();
    }
    long seconds = number(text, start, point);
    int nanos = point == end ? 0 : fraction(text, point + 1, end);
    if (seconds > LONGEST) {
      throw wrong();
    }
    return negative ? new Span(-seconds, -nanos) : new Span(seconds, nanos);
  }

  private static int fraction(byte[] text, int from, int to) {
    if (to - from > 9) {
      throw wrong();
    }
    long nanos = number(text, from, to);
    for (int digits = to - from; digits < 9; digits++) {
      nanos *= 10;
    }
    return (int) nanos;
  }

  private static long number(byte[] text, int from, int to) {
    long number = 0;
    for (int at = from; at < to; at++) {
      if (text[at] < '0' || text[at] > '9') {
        throw wrong();
      }
      number = number * 10 + text[at] - '0';
    }
    return number;
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException(WRONG);
  }
}
