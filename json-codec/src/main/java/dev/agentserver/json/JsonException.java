package dev.agentserver.json;

import com.google.protobuf.Descriptors.FieldDescriptor;
import org.jspecify.annotations.Nullable;

/// A JSON text that cannot be read. It has no stack trace: it is the answer to what somebody sent.
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String place;
  private final transient @Nullable FieldDescriptor field;
  private final @Nullable String value;

  /// @param place the path of the field, as in `messages[3].content`; `body` where there is none
  /// @param message what is wrong, in words that follow the place
  public JsonException(String place, String message) {
    this(place, message, null, null);
  }

  private JsonException(
      String place, String message, @Nullable FieldDescriptor field, @Nullable String value) {
    super(message, null, false, false);
    this.place = place;
    this.field = field;
    this.value = value;
  }

  /// The same, of a value that a field cannot have.
  ///
  /// @param json the value as it was written
  public JsonException of(FieldDescriptor wrongFor, String json) {
    return new JsonException(place, String.valueOf(getMessage()), wrongFor, json);
  }

  /// The field that cannot have the value; null where something else is wrong.
  public @Nullable FieldDescriptor field() {
    return field;
  }

  /// The value that the field cannot have.
  public @Nullable String value() {
    return value;
  }

  public String place() {
    return place;
  }
}
