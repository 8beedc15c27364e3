package dev.agentserver.settings.configuration;

import dev.agentserver.settings.history.Item;

/// A value that could not be made what it was.
record Skipped(Item item, Reason reason) {
  enum Reason {
    NOT_KEPT,
    NOT_DEFINED,
    NOT_ALLOWED
  }
}
