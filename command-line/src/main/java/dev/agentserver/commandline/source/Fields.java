package dev.agentserver.commandline.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// An object's fields, taken out one by one as they are understood: what remains was not.
final class Fields {
  private final ObjectNode left;

  private Fields(ObjectNode left) {
    this.left = left;
  }

  /// A copy, of which nothing was taken yet.
  static Fields of(JsonNode object) {
    return new Fields(
        object instanceof ObjectNode fields
            ? fields.deepCopy()
            : JsonElements.JSON.createObjectNode());
  }

  /// What remains.
  ObjectNode left() {
    return left;
  }

  JsonNode peek(String name) {
    return left.path(name);
  }

  /// The field, if it has a value of that sort; then it is gone.
  String text(String name) {
    var value = left.path(name);
    if (!value.isTextual()) {
      return "";
    }
    left.remove(name);
    return value.textValue();
  }

  JsonNode take(String name) {
    var value = left.remove(name);
    return value == null ? MissingNode.getInstance() : value;
  }

  /// Takes the field out where it says nothing: null, false, an empty text, list or object.
  void dropEmpty(String name) {
    var value = left.path(name);
    if (value.isNull()
        || value.isBoolean() && !value.booleanValue()
        || value.isTextual() && value.textValue().isEmpty()
        || value.isContainerNode() && value.isEmpty()) {
      left.remove(name);
    }
  }

  /// Seconds since 1970, or a time by the calendar. Left where it is neither.
  @Nullable Instant time(String name) {
    var value = left.path(name);
    var time = time(value);
    if (time != null) {
      left.remove(name);
    }
    return time;
  }

  private static @Nullable Instant time(JsonNode value) {
    try {
      if (value.isNumber()) {
        return seconds(value.decimalValue());
      }
      return value.isTextual()
          ? OffsetDateTime.parse(value.textValue()).toInstant().truncatedTo(ChronoUnit.MICROS)
          : null;
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static Instant seconds(BigDecimal seconds) {
    var micros = seconds.movePointRight(6).setScale(0, RoundingMode.HALF_UP).longValueExact();
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static Timestamp timestamp(Instant time) {
    return Timestamps.fromMicros(ChronoUnit.MICROS.between(Instant.EPOCH, time));
  }
}
