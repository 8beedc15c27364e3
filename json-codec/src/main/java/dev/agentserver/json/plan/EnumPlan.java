package dev.agentserver.json.plan;

import com.google.protobuf.Descriptors.EnumDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The names of an enum's values.
public final class EnumPlan {
  private static final String NULL_VALUE = "google.protobuf.NullValue";
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private final NameTable<Integer> numbers;
  private final byte @Nullable [][] small;
  private final Map<Integer, byte[]> printed = new HashMap<>();
  private final boolean closed;
  private final boolean isNull;

  EnumPlan(EnumDescriptor type) {
    this.closed = type.isClosed();
    this.isNull = type.getFullName().equals(NULL_VALUE);
    var byName = new HashMap<String, Integer>();
    for (var value : type.getValues()) {
      byName.put(value.getName(), value.getNumber());
      printed.putIfAbsent(value.getNumber(), quoted(value.getName()));
    }
    this.numbers = new NameTable<>(byName);
    this.small = new byte[64][];
    for (int i = 0; i < small.length; i++) {
      small[i] = printed.get(i);
    }
  }

  private static byte[] quoted(String name) {
    return ('"' + name + '"').getBytes(StandardCharsets.UTF_8);
  }

  /// The number of the value of this name; null where there is none.
  public @Nullable Integer number(byte[] text, int from, int to) {
    return numbers.find(text, from, to);
  }

  /// The name of this number as JSON; null where it has none.
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
