package dev.agentserver.gateway.transcode.codec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import java.text.ParseException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/// The well-known types whose JSON is one string or number, from text.
final class WellKnown {
  private static final String WRAPPED = "value";
  private static final Pattern TIME =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");
  private static final String NOT_A_TIME =
      "is not a time as RFC 3339 writes it, for example 2026-01-31T12:00:00Z";

  private WellKnown() {}

  /// The message that the text writes; empty when a text cannot write this type.
  static Optional<DynamicMessage> parse(Descriptor type, String text) {
    return switch (type.getFullName()) {
      case "google.protobuf.Timestamp" -> Optional.of(timestamp(type, text));
      case "google.protobuf.Duration" -> Optional.of(duration(type, text));
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

  static boolean isWrapper(Descriptor type) {
    return type.getFullName().startsWith("google.protobuf.")
        && type.getFullName().endsWith("Value")
        && type.getFields().size() == 1
        && type.findFieldByName(WRAPPED) != null;
  }

  private static DynamicMessage wrapper(Descriptor type, String text) {
    var field = type.findFieldByName(WRAPPED);
    return DynamicMessage.newBuilder(type).setField(field, Scalars.parse(field, text)).build();
  }

  private static DynamicMessage timestamp(Descriptor type, String text) {
    try {
      if (TIME.matcher(text).matches()) {
        var time = OffsetDateTime.parse(text).toInstant();
        if (Timestamps.isValid(time.getEpochSecond(), time.getNano())) {
          return secondsAndNanos(type, time.getEpochSecond(), time.getNano());
        }
      }
    } catch (DateTimeParseException noSuchDay) {
      throw new IllegalArgumentException(NOT_A_TIME, noSuchDay);
    }
    throw new IllegalArgumentException(NOT_A_TIME);
  }

  private static DynamicMessage duration(Descriptor type, String text) {
    try {
      var value = Durations.parse(text);
      return secondsAndNanos(type, value.getSeconds(), value.getNanos());
    } catch (ParseException | IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "is not a duration in seconds, for example \"1.5s\"", wrong);
    }
  }

  private static DynamicMessage secondsAndNanos(Descriptor type, long seconds, int nanos) {
    return DynamicMessage.newBuilder(type)
        .setField(type.findFieldByName("seconds"), seconds)
        .setField(type.findFieldByName("nanos"), nanos)
        .build();
  }

  /// Paths with commas between; each in either spelling.
  private static DynamicMessage fieldMask(Descriptor type, String text) {
    var mask = DynamicMessage.newBuilder(type);
    for (var path : text.split(",")) {
      if (!path.isBlank()) {
        mask.addRepeatedField(
            type.findFieldByName("paths"), snakeCase(Scalars.whole(path.strip())));
      }
    }
    return mask.build();
  }

  private static String snakeCase(String path) {
    var snake = new StringBuilder();
    for (char letter : path.toCharArray()) {
      if (letter >= 'A' && letter <= 'Z') {
        snake.append('_').append(Character.toLowerCase(letter));
      } else {
        snake.append(letter);
      }
    }
    return snake.toString();
  }
}
