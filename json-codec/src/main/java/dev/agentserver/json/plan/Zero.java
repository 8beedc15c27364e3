package dev.agentserver.json.plan;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The JSON of fields that are not on the wire.
final class Zero {
  private Zero() {}

  static byte @Nullable [] json(FieldDescriptor field, @Nullable EnumPlan enums) {
    if (enums != null && !field.isRepeated()) {
      return enums.name(((EnumValueDescriptor) field.getDefaultValue()).getNumber());
    }
    var text = text(field);
    return text.isEmpty() ? null : text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(FieldDescriptor field) {
    if (field.isMapField()) {
      return "{}";
    }
    if (field.isRepeated()) {
      return "[]";
    }
    return switch (field.getJavaType()) {
      case INT, FLOAT, DOUBLE -> "0";
      case LONG -> "\"0\"";
      case BOOLEAN -> "false";
      case STRING, BYTE_STRING -> "\"\"";
      case ENUM, MESSAGE -> "";
    };
  }
}
