package dev.agentserver.settings.flag.value;

/// What is not there at all: JavaScript tells it from null, and so do the rules that ask for what
/// is missing.
public enum Undefined {
  UNDEFINED;

  @Override
  public String toString() {
    return "undefined";
  }
}
