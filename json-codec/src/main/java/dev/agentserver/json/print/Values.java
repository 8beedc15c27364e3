package dev.agentserver.json.print;

import dev.agentserver.json.plan.FieldPlan;
import dev.agentserver.json.text.Base64Text;
import dev.agentserver.json.text.Buffer;
import dev.agentserver.json.text.Numbers;
import dev.agentserver.json.text.Quoted;

/// Prints single values.
final class Values {
  /// What was printed is the default value.
  static final int ZERO = 0;

  /// Nothing was printed: the enum is closed and does not know the value.
  static final int UNKNOWN = 1;

  static final int OTHER = 2;

  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

  private final Printer printer;
  private final WireInput in;
  private final Buffer out;

  Values(Printer printer) {
    this.printer = printer;
    this.in = printer.in;
    this.out = printer.out;
  }

  /// Prints the value that follows the field's tag.
  int print(FieldPlan field, int end, int depth) {
    return switch (field.type) {
      case STRING -> string(end);
      case MESSAGE -> message(field, end, depth);
      case INT32 -> number((int) in.varint(end));
      case INT64 -> quoted(in.varint(end));
      case UINT32 -> number(in.varint(end) & 0xFFFF_FFFFL);
      case UINT64 -> unsigned(in.varint(end));
      case SINT32 -> number(zigzag(in.varint(end) & 0xFFFF_FFFFL));
      case SINT64 -> quoted(zigzag(in.varint(end)));
      case FIXED32 -> number(in.fixed32(end) & 0xFFFF_FFFFL);
      case FIXED64 -> unsigned(in.fixed64(end));
      case SFIXED32 -> number(in.fixed32(end));
      case SFIXED64 -> quoted(in.fixed64(end));
      case FLOAT -> single(in.fixed32(end));
      case DOUBLE -> decimal(in.fixed64(end));
      case BOOL -> bool(in.varint(end) != 0);
      case BYTES -> bytes(end);
      case ENUM -> enumValue(field, (int) in.varint(end));
      case GROUP -> group(field, end, depth);
    };
  }

  private static long zigzag(long value) {
    return value >>> 1 ^ -(value & 1);
  }

  private static int kind(boolean isZero) {
    return isZero ? ZERO : OTHER;
  }

  private int string(int end) {
    int stop = in.length(end);
    if (!Quoted.print(out, in.bytes, in.at, stop)) {
      throw new Unprintable("holds text that is not UTF-8");
    }
    boolean isEmpty = in.at == stop;
    in.at = stop;
    return kind(isEmpty);
  }

  private int message(FieldPlan field, int end, int depth) {
    int stop = in.length(end);
    printer.message(field.message(), stop, depth + 1);
    return OTHER;
  }

  /// A group has no length: its end is looked for first.
  private int group(FieldPlan field, int end, int depth) {
    int start = in.at;
    int stop = in.groupEnd(field.tag, end);
    int after = in.at;
    in.at = start;
    printer.message(field.message(), stop, depth + 1);
    in.at = after;
    return OTHER;
  }

  private int number(long value) {
    Numbers.print(out, value);
    return kind(value == 0);
  }

  /// Numbers of 64 bits are strings: JavaScript's have 53.
  private int quoted(long value) {
    out.put('"');
    Numbers.print(out, value);
    out.put('"');
    return kind(value == 0);
  }

  private int unsigned(long value) {
    out.put('"');
    Numbers.printUnsigned(out, value);
    out.put('"');
    return kind(value == 0);
  }

  private int single(int bits) {
    Numbers.print(out, Float.intBitsToFloat(bits));
    return kind(bits == 0);
  }

  private int decimal(long bits) {
    Numbers.print(out, Double.longBitsToDouble(bits));
    return kind(bits == 0);
  }

  private int bool(boolean value) {
    out.put(value ? TRUE : FALSE);
    return kind(!value);
  }

  private int bytes(int end) {
    int stop = in.length(end);
    out.put('"');
    Base64Text.print(out, in.bytes, in.at, stop);
    out.put('"');
    boolean isEmpty = in.at == stop;
    in.at = stop;
    return kind(isEmpty);
  }

  private int enumValue(FieldPlan field, int number) {
    var enums = field.enums;
    if (enums == null) {
      throw new IllegalStateException(field.name);
    }
    var name = enums.name(number);
    if (name != null) {
      out.put(name);
    } else if (enums.isClosed()) {
      return UNKNOWN;
    } else {
      Numbers.print(out, number);
    }
    return kind(number == 0);
  }
}
