package dev.agentserver.json.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Finds the end of what a JSON string holds as it is: ASCII without quotes, backslashes and
/// control characters. Eight bytes at a time: most of what a chat carries is such text.
public final class Ascii {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH = 0x80 * ONES;
  private static final long BLANKS = 0x20 * ONES;
  private static final long QUOTES = '"' * ONES;
  private static final long BACKSLASHES = '\\' * ONES;

  private Ascii() {}

  /// The first place at or after `from` that holds something else; `to` when there is none.
  public static int plainEnd(byte[] bytes, int from, int to) {
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      long special = special((long) LONGS.get(bytes, at));
      if (special != 0) {
        return at + Long.numberOfTrailingZeros(special) / Byte.SIZE;
      }
    }
    while (at < to && isPlain(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isPlain(byte each) {
    return each >= ' ' && each != '"' && each != '\\';
  }

  /// The high bit of each byte that is special. Borrows can set a wrong bit only above a right one.
  private static long special(long word) {
    long quotes = word ^ QUOTES;
    long backslashes = word ^ BACKSLASHES;
    return (((word - BLANKS) & ~word)
            | ((quotes - ONES) & ~quotes)
            | ((backslashes - ONES) & ~backslashes)
            | word)
        & HIGH;
  }
}
