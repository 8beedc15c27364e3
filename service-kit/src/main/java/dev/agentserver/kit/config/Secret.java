package dev.agentserver.kit.config;

/// A value that must not be seen: it prints as stars wherever it is logged by accident.
public record Secret(String value) {
  @Override
  public String toString() {
    return "***";
  }
}
