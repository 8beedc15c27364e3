package dev.agentserver.json.read;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import dev.agentserver.json.plan.FieldPlan;
import dev.agentserver.json.text.Base64Text;
import dev.agentserver.json.text.Buffer;
import dev.agentserver.json.text.Scalars;
import java.util.Locale;

/// Reads single values: what is usual here, what is not by [Scalars], which also knows what is
/// wrong with it.
final class Values {
  /// So many digits fit into a long.
  private static final int MOST_DIGITS = 18;

  /// Every integer of so many digits is a double.
  private static final int MOST_EXACT_DIGITS = 15;

  private final Reader reader;
  private final Scanner in;
  private final Buffer out;

  Values(Reader reader) {
    this.reader = reader;
    this.in = reader.in;
    this.out = reader.out;
  }

  /// Reads a value and writes it without a tag.
  ///
  /// @param kind what comes next
  /// @return false where it is to be passed over: nothing is written then
  boolean read(FieldPlan field, int kind) {
    switch (field.type) {
      case STRING -> {
        require(kind == Scanner.STRING, field);
        in.wholeString();
        string();
      }
      case BYTES -> {
        require(kind == Scanner.STRING, field);
        in.wholeString();
        bytes(field);
      }
      case BOOL -> {
        require(kind == Scanner.TRUE || kind == Scanner.FALSE, field);
        in.literal();
        out.put(kind == Scanner.TRUE ? 1 : 0);
      }
      case ENUM -> {
        return enumValue(field, kind);
      }
      case MESSAGE, GROUP -> throw new IllegalStateException(field.name);
      case INT32,
          INT64,
          UINT32,
          UINT64,
          SINT32,
          SINT64,
          FIXED32,
          FIXED64,
          SFIXED32,
          SFIXED64,
          FLOAT,
          DOUBLE -> {
        require(kind == Scanner.NUMBER || kind == Scanner.STRING, field);
        text(kind);
        number(field);
      }
    }
    return true;
  }

  private void require(boolean fits, FieldPlan field) {
    if (!fits) {
      throw in.wrong("is not a value of type " + field.type.name().toLowerCase(Locale.ROOT))
          .of(field.descriptor, in.valueText());
    }
  }

  private void text(int kind) {
    if (kind == Scanner.NUMBER) {
      in.number();
    } else {
      in.wholeString();
    }
  }

  private void string() {
    var said = in.said;
    out.varint(said.to - said.from);
    out.put(said.bytes, said.from, said.to);
  }

  private void bytes(FieldPlan field) {
    var said = in.said;
    int start = out.open();
    if (!Base64Text.read(out, said.bytes, said.from, said.to)) {
      throw in.wrong("is not base64").of(field.descriptor, in.valueText());
    }
    out.close(start);
  }

  /// Writes the key of a map, whose name was read.
  void key(FieldPlan key) {
    in.requireWhole();
    switch (key.type) {
      case STRING -> string();
      case BOOL -> slowly(key);
      default -> number(key);
    }
  }

  private void number(FieldPlan field) {
    var said = in.said;
    int start = said.from;
    boolean negative = start < said.to && said.bytes[start] == '-';
    int first = negative ? start + 1 : start;
    int digits = said.to - first;
    long value = 0;
    for (int at = first; at < said.to && digits <= MOST_DIGITS; at++) {
      int digit = said.bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        slowly(field);
        return;
      }
      value = value * 10 + digit;
    }
    if (digits == 0 || digits > MOST_DIGITS || !integer(field, negative ? -value : value, digits)) {
      slowly(field);
    }
  }

  /// @return false where it does not fit, and nothing is written
  private boolean integer(FieldPlan field, long value, int digits) {
    boolean fits =
        switch (field.type) {
          case INT32, SINT32, SFIXED32 -> value == (int) value;
          case UINT32, FIXED32 -> value >>> 32 == 0;
          case UINT64, FIXED64 -> value >= 0;
          case FLOAT, DOUBLE -> digits <= MOST_EXACT_DIGITS && value != 0;
          default -> true;
        };
    if (fits) {
      switch (field.type) {
        case FLOAT -> out.fixed32(Float.floatToRawIntBits(value));
        case DOUBLE -> out.fixed64(Double.doubleToRawLongBits(value));
        default -> whole(field, value);
      }
    }
    return fits;
  }

  private void whole(FieldPlan field, long value) {
    switch (field.type) {
      case SINT32, SINT64 -> out.varint(value << 1 ^ value >> 63);
      case FIXED32, SFIXED32 -> out.fixed32((int) value);
      case FIXED64, SFIXED64 -> out.fixed64(value);
      default -> out.varint(value);
    }
  }

  /// By the text, whatever it says.
  private void slowly(FieldPlan field) {
    switch (parse(field)) {
      case Integer number when isUnsigned(field) -> whole(field, number & 0xFFFF_FFFFL);
      case Integer number -> whole(field, number);
      case Long number -> whole(field, number);
      case Float number -> out.fixed32(Float.floatToRawIntBits(number));
      case Double number -> out.fixed64(Double.doubleToRawLongBits(number));
      case Boolean value -> out.put(value ? 1 : 0);
      case EnumValueDescriptor value -> out.varint((long) value.getNumber());
      case Object other -> throw new IllegalStateException(other.toString());
    }
  }

  private static boolean isUnsigned(FieldPlan field) {
    return switch (field.type) {
      case UINT32, FIXED32 -> true;
      default -> false;
    };
  }

  private Object parse(FieldPlan field) {
    try {
      return Scalars.parse(field.descriptor, in.said.text());
    } catch (IllegalArgumentException wrong) {
      throw in.wrong(String.valueOf(wrong.getMessage())).of(field.descriptor, in.valueText());
    }
  }

  private boolean enumValue(FieldPlan field, int kind) {
    var enums = field.enums;
    if (enums == null) {
      throw new IllegalStateException(field.name);
    }
    if (kind == Scanner.NULL && enums.isNull()) {
      in.literal();
      out.put(0);
      return true;
    }
    require(kind == Scanner.NUMBER || kind == Scanner.STRING, field);
    text(kind);
    var said = in.said;
    var number = kind == Scanner.STRING ? enums.number(said.bytes, said.from, said.to) : null;
    if (number != null) {
      out.varint((long) number);
    } else if (kind == Scanner.STRING && reader.options.ignoreUnknownEnums()) {
      return false;
    } else {
      slowly(field);
    }
    return true;
  }
}
