package dev.agentserver.json.plan;

import com.google.protobuf.Descriptors.EnumDescriptor;
import dev.agentserver.json.JsonOptions;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The names of an enum's values.
public final class EnumPlan {
  private static final String NULL_VALUE = "google.protobuf.NullValue";
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private final NameTable<Integer> numbers;
  private final byte @Nullable [][] small;
  private final Map<Integer, byte[]> printed = new HashMap<>();
  /// By names in capital letters; null where case counts.
  private final @Nullable Map<String, Integer> anyCase;

  private final boolean closed;
  private final boolean isNull;

  EnumPlan(EnumDescriptor type, JsonOptions options) {
    this.closed = type.isClosed();
    this.isNull = type.getFullName().equals(NULL_VALUE);
    var byName = new HashMap<String, Integer>();
    for (var value : type.getValues()) {
      byName.put(value.getName(), value.getNumber());
      printed.putIfAbsent(
          value.getNumber(),
          options.enumNumbers() ? digits(value.getNumber()) : quoted(value.getName()));
    }
    this.anyCase = options.anyCaseEnums() ? capitals(byName) : null;
    this.numbers = new NameTable<>(byName);
    this.small = new byte[64][];
    for (int i = 0; i < small.length; i++) {
      small[i] = printed.get(i);
    }
  }

  private static Map<String, Integer> capitals(Map<String, Integer> byName) {
    var capitals = new HashMap<String, Integer>();
    byName.forEach((name, number) -> capitals.putIfAbsent(capitals(name), number));
    return capitals;
  }

  private static String capitals(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static byte[] digits(int number) {
    return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] quoted(String name) {
    return ('"' + name + '"').getBytes(StandardCharsets.UTF_8);
  }

  /// The number of the value of this name; null where there is none.
  public @Nullable Integer number(byte[] text, int from, int to) {
    var number = numbers.find(text, from, to);
    return number == null && anyCase != null
        ? anyCase.get(capitals(new String(text, from, to - from, StandardCharsets.UTF_8)))
        : number;
  }

  /// The value of this number as JSON, its name or itself; null where it has no name.
  public byte @Nullable [] name(int number) {
    if (isNull) {
      return NULL;
    }
    return number >= 0 && number < small.length ? small[number] : printed.get(number);
  }

  /// Whether a field can have no other values than the named ones.
  public boolean isClosed() {
    return closed;
  }

  /// Whether it is google.protobuf.NullValue.
  public boolean isNull() {
    return isNull;
  }
}
