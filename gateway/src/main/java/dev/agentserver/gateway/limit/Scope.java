package dev.agentserver.gateway.limit;

import java.util.Locale;

/// Whom calls are counted for.
public enum Scope {
  /// The network address of a client that nobody knows (yet).
  ADDRESS,
  /// The credential that a known caller came with.
  KEY,
  USER,
  TENANT;

  /// As it is written in configuration and in answers.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
