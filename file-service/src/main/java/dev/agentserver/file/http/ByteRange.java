package dev.agentserver.file.http;

import java.util.Optional;
import java.util.regex.Pattern;

/// The part of a file that a request asks for, as RFC 9110 has it: one range of bytes. Several, or
/// what is no range, ask for the whole.
///
/// @param first the first byte
/// @param last the last one; before the first where nothing of the file is asked for
record ByteRange(long first, long last) {
  private static final Pattern ONE =
      Pattern.compile("bytes=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

  /// @param header the field Range
  /// @param size of the file
  static Optional<ByteRange> of(String header, long size) {
    var one = ONE.matcher(header);
    if (!one.matches()) {
      return Optional.empty();
    }
    var from = one.group(1);
    var to = one.group(2);
    if (from.isEmpty()) {
      // The last so many.
      return to.isEmpty()
          ? Optional.empty()
          : Optional.of(new ByteRange(Math.max(0, size - Long.parseLong(to)), size - 1));
    }
    var first = Long.parseLong(from);
    var last = to.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(to));
    return !to.isEmpty() && Long.parseLong(to) < first
        ? Optional.empty()
        : Optional.of(new ByteRange(first, last));
  }

  boolean isEmpty() {
    return last < first;
  }

  long length() {
    return last - first + 1;
  }
}
