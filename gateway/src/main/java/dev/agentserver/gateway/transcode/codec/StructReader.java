package dev.agentserver.gateway.transcode.codec;

import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.HashSet;

/// Reads JSON that stays JSON: google.protobuf.Struct, ListValue and Value.
final class StructReader {
  private final JsonSource source;
  private final int deepest;

  StructReader(JsonSource source, int deepest) {
    this.source = source;
    this.deepest = deepest;
  }

  /// Each level of objects is three messages on the wire: the struct, its entry and the entry's
  /// value.
  Message struct(Descriptor type, int depth) {
    if (source.current() != JsonToken.START_OBJECT) {
      throw source.wrong("is not an object");
    }
    var fields = type.findFieldByName("fields");
    var entry = fields.getMessageType();
    var valueField = entry.findFieldByNumber(2);
    var struct = DynamicMessage.newBuilder(type);
    var seen = new HashSet<String>();
    while (source.next() == JsonToken.FIELD_NAME) {
      var key = source.whole(source.name());
      if (!seen.add(key)) {
        throw source.wrong("is there twice");
      }
      source.next();
      struct.addRepeatedField(
          fields,
          DynamicMessage.newBuilder(entry)
              .setField(entry.findFieldByNumber(1), key)
              .setField(valueField, value(valueField.getMessageType(), depth + 2))
              .build());
    }
    return struct.build();
  }

  Message list(Descriptor type, int depth) {
    if (source.current() != JsonToken.START_ARRAY) {
      throw source.wrong("is not an array");
    }
    var values = type.findFieldByName("values");
    var list = DynamicMessage.newBuilder(type);
    while (source.next() != JsonToken.END_ARRAY) {
      list.addRepeatedField(values, value(values.getMessageType(), depth + 1));
    }
    return list.build();
  }

  Message value(Descriptor type, int depth) {
    if (depth > deepest) {
      throw source.wrong("is nested too deeply");
    }
    var value = DynamicMessage.newBuilder(type);
    switch (source.current()) {
      case START_OBJECT -> {
        var field = type.findFieldByName("struct_value");
        value.setField(field, struct(field.getMessageType(), depth + 1));
      }
      case START_ARRAY -> {
        var field = type.findFieldByName("list_value");
        value.setField(field, list(field.getMessageType(), depth + 1));
      }
      case VALUE_STRING ->
          value.setField(type.findFieldByName("string_value"), source.whole(source.text()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          value.setField(type.findFieldByName("number_value"), number());
      case VALUE_TRUE -> value.setField(type.findFieldByName("bool_value"), true);
      case VALUE_FALSE -> value.setField(type.findFieldByName("bool_value"), false);
      case VALUE_NULL -> {
        var field = type.findFieldByName("null_value");
        value.setField(field, zero(field.getEnumType()));
      }
      case FIELD_NAME, END_OBJECT, END_ARRAY, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw source.wrong("is not a value");
    }
    return value.build();
  }

  private double number() {
    var number = source.decimal();
    if (Double.isInfinite(number)) {
      throw source.wrong("is too large");
    }
    return number;
  }

  private static Object zero(EnumDescriptor type) {
    return type.findValueByNumber(0);
  }
}
