package dev.agentserver.gateway.transcode.codec;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.agentserver.common.v1.ErrorReason;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.json.JsonException;
import java.util.Map;

/// What is wrong with a request, in Envoy's words where a value is.
public final class EnvoyRefusals {
  private EnvoyRefusals() {}

  static Fault of(JsonException wrong) {
    var field = wrong.field();
    return field == null
        ? invalid(wrong.place() + " " + wrong.getMessage())
        : value(wrong.place(), field, String.valueOf(wrong.value()));
  }

  /// A value that a field cannot have.
  ///
  /// @param place the path of the field
  /// @param json the value as JSON writes it
  public static Fault value(String place, FieldDescriptor field, String json) {
    return invalid(place + ": invalid value " + json + " for type " + type(field));
  }

  public static Fault invalid(String message) {
    return Fault.of(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, message, Map.of());
  }

  private static String type(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case ENUM -> "type.googleapis.com/" + field.getEnumType().getFullName();
      case MESSAGE -> "type.googleapis.com/" + field.getMessageType().getFullName();
      case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING ->
          "TYPE_" + field.getType().name();
    };
  }
}
