package dev.agentserver.json.test;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.List;
import java.util.random.RandomGenerator;

/// Makes messages with random content; the same seed makes the same messages.
public final class RandomMessages {
  private static final int DEEPEST = 3;
  private static final int MOST_FIELDS = 6;
  private static final long LAST_SECOND = 253_402_300_799L;
  private static final long FIRST_SECOND = -62_135_596_800L;
  private static final long LONGEST = 315_576_000_000L;
  private static final int NANOS = 1_000_000_000;

  private final RandomGenerator random;
  private final List<Descriptor> forAny;
  private final RandomValues values;

  /// @param forAny what an Any may hold
  public RandomMessages(RandomGenerator random, List<Descriptor> forAny) {
    this.random = random;
    this.forAny = forAny;
    this.values = new RandomValues(random);
  }

  public Message next(Descriptor type) {
    return message(type, 0);
  }

  private DynamicMessage message(Descriptor type, int depth) {
    var message = DynamicMessage.newBuilder(type);
    switch (type.getFullName()) {
      case "google.protobuf.Any" -> any(message, depth);
      case "google.protobuf.Timestamp" -> timestamp(message);
      case "google.protobuf.Duration" -> duration(message);
      case "google.protobuf.FieldMask" -> mask(message);
      case "google.protobuf.Value" -> {
        var kinds = type.getFields();
        set(message, kinds.get(random.nextInt(depth > DEEPEST ? 4 : kinds.size())), depth);
      }
      case String _ -> fields(message, depth);
    }
    return message.buildPartial();
  }

  private void fields(DynamicMessage.Builder message, int depth) {
    var fields = message.getDescriptorForType().getFields();
    if (fields.isEmpty() || depth > DEEPEST) {
      return;
    }
    for (int i = random.nextInt(MOST_FIELDS); i >= 0; i--) {
      var field = fields.get(random.nextInt(fields.size()));
      if (field.isRepeated() || !message.hasField(field)) {
        set(message, field, depth);
      }
    }
  }

  private void any(DynamicMessage.Builder message, int depth) {
    if (depth > DEEPEST || forAny.isEmpty() || random.nextInt(8) == 0) {
      return;
    }
    var type = forAny.get(random.nextInt(forAny.size()));
    var any = message.getDescriptorForType();
    message.setField(any.findFieldByName("type_url"), "type.googleapis.com/" + type.getFullName());
    message.setField(any.findFieldByName("value"), message(type, depth + 1).toByteString());
  }

  private void timestamp(DynamicMessage.Builder message) {
    seconds(message, random.nextLong(FIRST_SECOND, LAST_SECOND + 1), values.nanos());
  }

  private void duration(DynamicMessage.Builder message) {
    int sign = random.nextBoolean() ? 1 : -1;
    seconds(message, sign * random.nextLong(LONGEST), sign * values.nanos() % NANOS);
  }

  private static void seconds(DynamicMessage.Builder message, long seconds, int nanos) {
    var type = message.getDescriptorForType();
    message.setField(type.findFieldByName("seconds"), seconds);
    message.setField(type.findFieldByName("nanos"), nanos);
  }

  private void mask(DynamicMessage.Builder message) {
    var paths = message.getDescriptorForType().findFieldByName("paths");
    for (int i = random.nextInt(3); i > 0; i--) {
      message.addRepeatedField(paths, random.nextBoolean() ? "some_field.other" : "a");
    }
  }

  private void set(DynamicMessage.Builder message, FieldDescriptor field, int depth) {
    if (!field.isRepeated()) {
      message.setField(field, value(field, depth));
      return;
    }
    if (field.isMapField() && message.getRepeatedFieldCount(field) > 0) {
      return;
    }
    for (int i = random.nextInt(field.isMapField() ? 3 : 4); i > 0; i--) {
      message.addRepeatedField(
          field, field.isMapField() ? entry(field, i, depth) : value(field, depth));
    }
  }

  private Message entry(FieldDescriptor field, int number, int depth) {
    var type = field.getMessageType();
    var key = type.findFieldByNumber(1);
    var value = type.findFieldByNumber(2);
    return DynamicMessage.newBuilder(type)
        .setField(key, values.key(key, number))
        .setField(value, value(value, depth))
        .buildPartial();
  }

  private Object value(FieldDescriptor field, int depth) {
    var inValue = field.getContainingType().getFullName().equals("google.protobuf.Value");
    return switch (field.getJavaType()) {
      case INT -> values.int32();
      case LONG -> values.int64();
      case FLOAT -> values.single();
      case DOUBLE -> inValue ? values.finite() : values.decimal();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> values.text();
      case BYTE_STRING -> ByteString.copyFromUtf8(values.text());
      case ENUM -> enumValue(field);
      case MESSAGE -> message(field.getMessageType(), depth + 1);
    };
  }

  private EnumValueDescriptor enumValue(FieldDescriptor field) {
    var type = field.getEnumType();
    boolean named = type.isClosed() || type.getValues().size() == 1 || random.nextInt(8) > 0;
    // By number, because of several names of one number only the first is printed.
    return named
        ? type.findValueByNumber(
            type.getValues().get(random.nextInt(type.getValues().size())).getNumber())
        : type.findValueByNumberCreatingIfUnknown(random.nextInt(-5, 1000));
  }
}
