package dev.agentserver.gateway.test;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.random.RandomGenerator;

/// Makes messages with random content; the same seed makes the same messages.
public final class RandomMessages {
  private static final int DEEPEST = 3;
  private static final int SECONDS = 2_000_000_000;

  private final RandomGenerator random;

  public RandomMessages(RandomGenerator random) {
    this.random = random;
  }

  public Message next(Descriptor type) {
    return message(type, 0);
  }

  private DynamicMessage message(Descriptor type, int depth) {
    var message = DynamicMessage.newBuilder(type);
    switch (type.getFullName()) {
      case "google.protobuf.Any" -> {
        return message.build();
      }
      case "google.protobuf.Timestamp", "google.protobuf.Duration" -> {
        message.setField(type.findFieldByName("seconds"), (long) random.nextInt(SECONDS));
        message.setField(type.findFieldByName("nanos"), random.nextInt(1_000_000_000));
        return message.build();
      }
      case "google.protobuf.FieldMask" -> {
        message.addRepeatedField(type.findFieldByName("paths"), "some_field.other");
        return message.build();
      }
      case "google.protobuf.Value" -> {
        var kinds = type.getFields();
        set(message, kinds.get(random.nextInt(depth > DEEPEST ? 4 : kinds.size())), depth);
        return message.build();
      }
      case String _ -> {}
    }
    for (var field : type.getFields()) {
      boolean fits = field.getRealContainingOneof() == null || random.nextInt(3) == 0;
      if (fits && (depth == 0 || depth <= DEEPEST && random.nextInt(4) == 0)) {
        set(message, field, depth);
      }
    }
    return message.build();
  }

  private void set(DynamicMessage.Builder message, FieldDescriptor field, int depth) {
    if (!field.isRepeated()) {
      message.setField(field, value(field, depth));
      return;
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      var value = field.isMapField() ? entry(field, i, depth) : value(field, depth);
      message.addRepeatedField(field, value);
    }
  }

  private Message entry(FieldDescriptor field, int number, int depth) {
    var type = field.getMessageType();
    var key = type.findFieldByNumber(1);
    var entry = DynamicMessage.newBuilder(type);
    entry.setField(
        key,
        switch (key.getJavaType()) {
          case STRING -> text() + number;
          case BOOLEAN -> number == 1;
          case INT -> number;
          case LONG -> (long) number;
          case FLOAT, DOUBLE, BYTE_STRING, ENUM, MESSAGE -> throw new IllegalStateException();
        });
    return entry
        .setField(type.findFieldByNumber(2), value(type.findFieldByNumber(2), depth))
        .build();
  }

  private Object value(FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case INT -> random.nextInt();
      case LONG -> random.nextLong();
      case FLOAT -> (float) random.nextInt() / 16;
      case DOUBLE -> random.nextDouble() * random.nextLong();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> text();
      case BYTE_STRING -> ByteString.copyFromUtf8(text());
      case ENUM ->
          field
              .getEnumType()
              .getValues()
              .get(random.nextInt(field.getEnumType().getValues().size()));
      case MESSAGE -> message(field.getMessageType(), depth + 1);
    };
  }

  private String text() {
    var letters = "aZ0 \"\\/\n\u0000<>&=é€\ud83d\ude00";
    var text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      text.appendCodePoint(letters.codePointAt(letters.offsetByCodePoints(0, random.nextInt(15))));
    }
    return text.toString();
  }
}
