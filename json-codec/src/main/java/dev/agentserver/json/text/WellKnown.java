package dev.agentserver.json.text;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import java.util.Optional;

/// The well-known types whose JSON is one string or number, from text.
public final class WellKnown {
  private static final String WRAPPED = "value";

  private WellKnown() {}

  /// The message that the text writes; empty when a text cannot write this type.
  public static Optional<DynamicMessage> parse(Descriptor type, String text) {
    return switch (type.getFullName()) {
      case "google.protobuf.Timestamp" -> Optional.of(Times.parse(text).message(type));
      case "google.protobuf.Duration" -> Optional.of(Lengths.parse(text).message(type));
      case "google.protobuf.FieldMask" -> Optional.of(fieldMask(type, text));
      case "google.protobuf.BoolValue",
          "google.protobuf.BytesValue",
          "google.protobuf.DoubleValue",
          "google.protobuf.FloatValue",
          "google.protobuf.Int32Value",
          "google.protobuf.Int64Value",
          "google.protobuf.StringValue",
          "google.protobuf.UInt32Value",
          "google.protobuf.UInt64Value" ->
          Optional.of(wrapper(type, text));
      case String _ -> Optional.empty();
    };
  }

  private static DynamicMessage wrapper(Descriptor type, String text) {
    var field = type.findFieldByName(WRAPPED);
    return DynamicMessage.newBuilder(type).setField(field, Scalars.parse(field, text)).build();
  }

  private static DynamicMessage fieldMask(Descriptor type, String text) {
    var mask = DynamicMessage.newBuilder(type);
    var paths = type.findFieldByName("paths");
    Masks.lenient(text).forEach(path -> mask.addRepeatedField(paths, path));
    return mask.build();
  }
}
