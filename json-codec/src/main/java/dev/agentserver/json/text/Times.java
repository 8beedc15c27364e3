package dev.agentserver.json.text;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;

/// google.protobuf.Timestamp as RFC 3339 writes it, of the years 1 to 9999.
public final class Times {
  private static final long FIRST = -62_135_596_800L;
  private static final long LAST = 253_402_300_799L;
  private static final int DAY = 86_400;
  private static final int HOUR = 3_600;
  private static final int MINUTE = 60;
  private static final int LARGEST_OFFSET = 18 * HOUR;
  private static final int SHORTEST = "2026-01-31T12:00:00Z".length();
  private static final int FRACTION = "2026-01-31T12:00:00".length();
  private static final int OFFSET = "+01:00".length();
  private static final String WRONG =
      "is not a time as RFC 3339 writes it, for example 2026-01-31T12:00:00Z";

  private Times() {}

  /// @return whether there is such a time
  public static boolean print(Buffer out, long seconds, int nanos) {
    if (seconds < FIRST || seconds > LAST || nanos < 0 || nanos >= Span.NANOS) {
      return false;
    }
    var date = LocalDate.ofEpochDay(Math.floorDiv(seconds, DAY));
    int rest = Math.floorMod(seconds, DAY);
    Span.digits(out, date.getYear(), 4);
    out.put('-');
    Span.digits(out, date.getMonthValue(), 2);
    out.put('-');
    Span.digits(out, date.getDayOfMonth(), 2);
    out.put('T');
    Span.digits(out, rest / HOUR, 2);
    out.put(':');
    Span.digits(out, rest % HOUR / MINUTE, 2);
    out.put(':');
    Span.digits(out, rest % MINUTE, 2);
    Span.printFraction(out, nanos);
    out.put('Z');
    return true;
  }

  public static Span parse(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length);
  }

  /// What is no time is an IllegalArgumentException whose message follows the field's name.
  public static Span parse(byte[] text, int from, int to) {
    if (to - from < SHORTEST
        || text[from + 4] != '-'
        || text[from + 7] != '-'
        || text[from + 10] != 'T'
        || text[from + 13] != ':'
        || text[from + 16] != ':') {
      throw wrong();
    }
    long day = day(number(text, from, 4), number(text, from + 5, 2), number(text, from + 8, 2));
    int second =
        below(24, number(text, from + 11, 2)) * HOUR
            + below(60, number(text, from + 14, 2)) * MINUTE
            + below(60, number(text, from + 17, 2));
    int at = from + FRACTION;
    int nanos = 0;
    if (text[at] == '.') {
      int end = digitsEnd(text, at + 1, to);
      nanos = fraction(text, at + 1, end);
      at = end;
    }
    long seconds = day * DAY + second - offset(text, at, to);
    if (seconds < FIRST || seconds > LAST) {
      throw wrong();
    }
    return new Span(seconds, nanos);
  }

  private static long day(int year, int month, int day) {
    boolean exists =
        month >= 1 && month <= 12 && day >= 1 && day <= YearMonth.of(year, month).lengthOfMonth();
    if (!exists) {
      throw wrong();
    }
    return LocalDate.of(year, month, day).toEpochDay();
  }

  private static int offset(byte[] text, int from, int to) {
    if (to - from == 1 && text[from] == 'Z') {
      return 0;
    }
    if (to - from != OFFSET || text[from + 3] != ':') {
      throw wrong();
    }
    int offset = number(text, from + 1, 2) * HOUR + below(60, number(text, from + 4, 2)) * MINUTE;
    if (offset > LARGEST_OFFSET) {
      throw wrong();
    }
    return switch (text[from]) {
      case '+' -> offset;
      case '-' -> -offset;
      default -> throw wrong();
    };
  }

  private static int below(int limit, int value) {
    if (value >= limit) {
      throw wrong();
    }
    return value;
  }

  private static int number(byte[] text, int from, int digits) {
    int number = 0;
    for (int at = from; at < from + digits; at++) {
      if (text[at] < '0' || text[at] > '9') {
        throw wrong();
      }
      number = number * 10 + text[at] - '0';
    }
    return number;
  }

  private static int digitsEnd(byte[] text, int from, int to) {
    int at = from;
    while (at < to && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    return at;
  }

  private static int fraction(byte[] text, int from, int to) {
    if (to == from || to - from > 9) {
      throw wrong();
    }
    int nanos = number(text, from, to - from);
    for (int digits = to - from; digits < 9; digits++) {
      nanos *= 10;
    }
    return nanos;
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException(WRONG);
  }
}
