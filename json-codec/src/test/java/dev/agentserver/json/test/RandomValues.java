package dev.agentserver.json.test;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.random.RandomGenerator;

/// Random values, the ends of their ranges more often than chance would have them.
final class RandomValues {
  private static final String LETTERS =
      "aZ0 \"\\/\n\t\u0000\u001f\u007f<>&='é€\u2028\ud7ff\ufffd\ud83d\ude00";
  private static final int[] CODE_POINTS = LETTERS.codePoints().toArray();
  private static final int MANTISSA = 52;

  private final RandomGenerator random;

  RandomValues(RandomGenerator random) {
    this.random = random;
  }

  int int32() {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> Integer.MIN_VALUE;
      case 2 -> Integer.MAX_VALUE;
      case 3 -> -1;
      default -> random.nextInt() >> random.nextInt(Integer.SIZE);
    };
  }

  long int64() {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> Long.MIN_VALUE;
      case 2 -> Long.MAX_VALUE;
      case 3 -> -1;
      default -> random.nextLong() >> random.nextInt(Long.SIZE);
    };
  }

  float single() {
    return switch (random.nextInt(6)) {
      case 0 -> Float.intBitsToFloat(random.nextInt());
      case 1 -> random.nextInt(-100, 100);
      case 2 -> -0.0f;
      case 3 -> Float.MAX_VALUE;
      default -> (float) random.nextInt() / 16;
    };
  }

  double decimal() {
    return switch (random.nextInt(8)) {
      case 0 -> Double.NaN;
      case 1 -> Double.POSITIVE_INFINITY;
      case 2 -> Double.NEGATIVE_INFINITY;
      default -> finite();
    };
  }

  double finite() {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt(-100, 100);
      case 1 -> -0.0;
      case 2 -> Double.MAX_VALUE;
      case 3 -> (double) (random.nextLong() >> random.nextInt(Long.SIZE - MANTISSA));
      case 4 -> Double.MIN_VALUE;
      default -> random.nextDouble() * random.nextLong();
    };
  }

  int nanos() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> random.nextInt(1_000) * 1_000_000;
      case 2 -> random.nextInt(1_000_000) * 1_000;
      default -> random.nextInt(1_000_000_000);
    };
  }

  String text() {
    var text = new StringBuilder();
    for (int i = random.nextInt(random.nextInt(8) == 0 ? 200 : 8); i > 0; i--) {
      boolean plain = random.nextInt(3) > 0;
      text.appendCodePoint(
          plain ? 'a' + random.nextInt(26) : CODE_POINTS[random.nextInt(CODE_POINTS.length)]);
    }
    return text.toString();
  }

  /// Keys of one map differ by their number.
  Object key(FieldDescriptor key, int number) {
    return switch (key.getJavaType()) {
      case STRING -> text() + number;
      case BOOLEAN -> number % 2 == 1;
      case INT -> random.nextBoolean() ? number : -number;
      case LONG -> random.nextBoolean() ? (long) number : Long.MIN_VALUE + number;
      case FLOAT, DOUBLE, BYTE_STRING, ENUM, MESSAGE -> throw new IllegalStateException();
    };
  }
}
