package dev.agentserver.json.text;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Values of scalar fields from text, as JSON, paths and queries write them. What is wrong is an
/// IllegalArgumentException whose message follows the field's name in a sentence.
public final class Scalars {
  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]{1,9})?");
  private static final int MOST_DIGITS = 400;
  private static final int LONGEST = 1000;
  private static final int NAMES_SHOWN = 20;

  private Scalars() {}

  /// The value, in the form that a dynamic message holds it.
  public static Object parse(FieldDescriptor field, String text) {
    return switch (field.getType()) {
      case INT32, SINT32, SFIXED32 -> signed(text, 32).intValue();
      case INT64, SINT64, SFIXED64 -> signed(text, 64).longValue();
      case UINT32, FIXED32 -> unsigned(text, 32).intValue();
      case UINT64, FIXED64 -> unsigned(text, 64).longValue();
      case DOUBLE -> decimal(text);
      case FLOAT -> single(decimal(text));
      case BOOL -> bool(text);
      case STRING -> whole(text);
      case BYTES -> bytes(text);
      case ENUM -> enumValue(field, text);
      case MESSAGE, GROUP -> throw new IllegalArgumentException("is not a single value");
    };
  }

  private static BigInteger signed(String text, int bits) {
    var number = integer(text);
    if (number.bitLength() >= bits) {
      throw new IllegalArgumentException("does not fit into " + bits + " bits");
    }
    return number;
  }

  private static BigInteger unsigned(String text, int bits) {
    var number = integer(text);
    if (number.signum() < 0 || number.bitLength() > bits) {
      throw new IllegalArgumentException("does not fit into " + bits + " bits without sign");
    }
    return number;
  }

  /// A whole number, also when it is written as 1.0 or 1e3. The magnitude is looked at first:
  /// 1e999999999 would fill the memory.
  private static BigInteger integer(String text) {
    var number = number(text, "is not a whole number");
    if (number.signum() == 0) {
      return BigInteger.ZERO;
    }
    long digits = (long) number.precision() - number.scale();
    if (digits < 1 || digits > MOST_DIGITS || number.stripTrailingZeros().scale() > 0) {
      throw new IllegalArgumentException(
          digits > MOST_DIGITS ? "is too large" : "is not a whole number");
    }
    return number.toBigIntegerExact();
  }

  private static BigDecimal number(String text, String otherwise) {
    if (text.length() > LONGEST || !NUMBER.matcher(text).matches()) {
      throw new IllegalArgumentException(otherwise);
    }
    return new BigDecimal(text);
  }

  private static double decimal(String text) {
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      case String _ -> {
        number(text, "is not a number");
        var value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
          throw new IllegalArgumentException("is too large");
        }
        yield value;
      }
    };
  }

  private static float single(double value) {
    var single = (float) value;
    if (Float.isInfinite(single) && !Double.isInfinite(value)) {
      throw new IllegalArgumentException("is too large");
    }
    return single;
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      case String _ -> throw new IllegalArgumentException("is not true or false");
    };
  }

  /// Text without half a character: a lone surrogate has no UTF-8.
  public static String whole(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isSurrogate(unit)) {
        boolean paired =
            Character.isHighSurrogate(unit)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          throw new IllegalArgumentException("has a lone surrogate at character " + i);
        }
        i++;
      }
    }
    return text;
  }

  private static ByteString bytes(String text) {
    var utf8 = text.getBytes(StandardCharsets.UTF_8);
    var bytes = new Buffer(utf8.length);
    if (!Base64Text.read(bytes, utf8, 0, utf8.length)) {
      throw new IllegalArgumentException("is not base64");
    }
    return ByteString.copyFrom(bytes.array(), 0, bytes.size());
  }

  private static EnumValueDescriptor enumValue(FieldDescriptor field, String text) {
    var type = field.getEnumType();
    var named = type.findValueByName(text);
    if (named != null) {
      return named;
    }
    if (NUMBER.matcher(text).matches()) {
      int number = signed(text, 32).intValue();
      if (type.isClosed() && type.findValueByNumber(number) == null) {
        throw new IllegalArgumentException("has no value " + number);
      }
      return type.findValueByNumberCreatingIfUnknown(number);
    }
    var names =
        type.getValues().stream()
            .limit(NAMES_SHOWN)
            .map(EnumValueDescriptor::getName)
            .collect(Collectors.joining(", "));
    throw new IllegalArgumentException("is not one of " + names);
  }
}
