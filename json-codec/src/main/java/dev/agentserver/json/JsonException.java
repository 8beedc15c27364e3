package dev.agentserver.json;

/// A JSON text that cannot be read. It has no stack trace: it is the answer to what somebody sent.
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String place;

  /// @param place the path of the field, as in `messages[3].content`; `body` where there is none
  /// @param message what is wrong, in words that follow the place
  public JsonException(String place, String message) {
    super(message, null, false, false);
    this.place = place;
  }

  public String place() {
    return place;
  }
}
