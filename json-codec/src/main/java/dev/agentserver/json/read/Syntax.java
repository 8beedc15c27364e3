package dev.agentserver.json.read;

import dev.agentserver.json.JsonException;

/// Refusals of what is not JSON at all.
final class Syntax {
  private static final String BODY = "body";

  private Syntax() {}

  static JsonException endsTooEarly() {
    return new JsonException(BODY, "ends too early");
  }

  static JsonException notJson(int at, String what) {
    return new JsonException(BODY, "is not JSON at byte " + at + ": " + what);
  }
}
