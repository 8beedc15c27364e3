package dev.agentserver.file.scan;

/// What a scanner thinks of some bytes.
public sealed interface Verdict {
  /// Nothing was found.
  record Clean() implements Verdict {}

  /// They are dangerous.
  ///
  /// @param name the signature's
  record Found(String name) implements Verdict {}

  /// They were not looked at, or not all of them, and trying again does not change that.
  record Unscannable(String reason) implements Verdict {}
}
