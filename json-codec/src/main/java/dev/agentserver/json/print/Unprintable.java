package dev.agentserver.json.print;

/// The wire is damaged, or holds what has no JSON. The message says what, after the type's name.
public final class Unprintable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unprintable(String message) {
    super(message, null, false, false);
  }
}
