package dev.agentserver.json.print;

/// The wire is legal, but its fields are not in the order of their numbers or come in parts. It has
/// no stack trace: it is caught close by, and happens with some senders all the time.
final class NotCanonical extends RuntimeException {
  static final NotCanonical SEEN = new NotCanonical();
  private static final long serialVersionUID = 1L;

  private NotCanonical() {
    super("not canonical", null, false, false);
  }
}
