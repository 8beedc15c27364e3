package dev.agentserver.json.text;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;

/// Seconds and nanoseconds: what a Timestamp and a Duration hold.
public record Span(long seconds, int nanos) {
  static final int NANOS = 1_000_000_000;
  private static final int MILLION = 1_000_000;
  private static final int THOUSAND = 1_000;

  /// As a message of either type.
  DynamicMessage message(Descriptor type) {
    return DynamicMessage.newBuilder(type)
        .setField(type.findFieldByName("seconds"), seconds)
        .setField(type.findFieldByName("nanos"), nanos)
        .build();
  }

  /// Adds nothing, `.123`, `.123456` or `.123456789`.
  static void printFraction(Buffer out, int nanos) {
    if (nanos == 0) {
      return;
    }
    out.put('.');
    if (nanos % MILLION == 0) {
      digits(out, nanos / MILLION, 3);
    } else if (nanos % THOUSAND == 0) {
      digits(out, nanos / THOUSAND, 6);
    } else {
      digits(out, nanos, 9);
    }
  }

  /// Adds a number with zeros in front.
  static void digits(Buffer out, int value, int count) {
    int divisor = 1;
    for (int i = 1; i < count; i++) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      out.put('0' + value / divisor % 10);
    }
  }
}
