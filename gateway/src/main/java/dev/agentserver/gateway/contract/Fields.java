package dev.agentserver.gateway.contract;

import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.GeneratedMessage.GeneratedExtension;
import dev.agentserver.common.v1.AnnotationsProto;
import java.util.Optional;
import java.util.Set;

/// What descriptors say about fields, in the words the transcoder needs.
public final class Fields {
  /// Types whose JSON is not an object of their fields.
  private static final Set<String> WELL_KNOWN =
      Set.of(
          "google.protobuf.Any",
          "google.protobuf.BoolValue",
          "google.protobuf.BytesValue",
          "google.protobuf.DoubleValue",
          "google.protobuf.Duration",
          "google.protobuf.Empty",
          "google.protobuf.FieldMask",
          "google.protobuf.FloatValue",
          "google.protobuf.Int32Value",
          "google.protobuf.Int64Value",
          "google.protobuf.ListValue",
          "google.protobuf.StringValue",
          "google.protobuf.Struct",
          "google.protobuf.Timestamp",
          "google.protobuf.UInt32Value",
          "google.protobuf.UInt64Value",
          "google.protobuf.Value");

  private Fields() {}

  /// The field of this proto name, or of this JSON name.
  public static Optional<FieldDescriptor> find(Descriptor type, String name) {
    var byName = type.findFieldByName(name);
    if (byName != null) {
      return Optional.of(byName);
    }
    for (var field : type.getFields()) {
      if (field.getJsonName().equals(name)) {
        return Optional.of(field);
      }
    }
    return Optional.empty();
  }

  public static boolean isMessage(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
  }

  public static boolean isSingularMessage(FieldDescriptor field) {
    return isMessage(field) && !field.isRepeated();
  }

  public static boolean isString(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.STRING && !field.isRepeated();
  }

  public static boolean isWellKnown(Descriptor type) {
    return WELL_KNOWN.contains(type.getFullName());
  }

  /// Whether it is a body of any kind, which is not JSON.
  public static boolean isHttpBody(Descriptor type) {
    return type.getFullName().equals("google.api.HttpBody");
  }

  /// The same of a field.
  public static boolean isHttpBody(FieldDescriptor field) {
    return isSingularMessage(field) && isHttpBody(field.getMessageType());
  }

  /// Whether a field mask may go on below this field.
  public static boolean hasParts(FieldDescriptor field) {
    return isSingularMessage(field) && !isWellKnown(field.getMessageType());
  }

  public static boolean behaves(FieldDescriptor field, FieldBehavior behavior) {
    return field.getOptions().getExtension(FieldBehaviorProto.fieldBehavior).contains(behavior);
  }

  /// The field that numbers the messages of a stream.
  public static Optional<FieldDescriptor> sequence(Descriptor response) {
    return annotated(response, AnnotationsProto.sequence);
  }

  /// The field that says after which message a stream is to go on.
  public static Optional<FieldDescriptor> resume(Descriptor request) {
    return annotated(request, AnnotationsProto.resume);
  }

  private static Optional<FieldDescriptor> annotated(
      Descriptor type, GeneratedExtension<FieldOptions, Boolean> annotation) {
    return type.getFields().stream()
        .filter(field -> field.getOptions().getExtension(annotation))
        .findFirst();
  }
}
