package dev.agentserver.settings.key;

/// A key that was made, with its text, which is shown once.
///
/// @param secret the text; empty in the answer to a retry
record Shown(StoredKey key, String secret) {
  @Override
  public String toString() {
    return "Shown[" + key + ", ***]";
  }
}
