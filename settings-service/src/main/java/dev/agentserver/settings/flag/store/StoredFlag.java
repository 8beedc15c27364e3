package dev.agentserver.settings.flag.store;

import dev.agentserver.settings.history.Item;
import java.time.Instant;

/// A flag as it is kept.
///
/// @param item its key and its environment
/// @param revision the one that made it what it is
public record StoredFlag(
    Item item, FlagDocument document, long revision, Instant createdAt, Instant updatedAt) {
  /// The key under which the rules that flags share are kept.
  public static final String EVALUATORS = "$evaluators";

  public String etag() {
    return Long.toString(revision);
  }

  public boolean isEvaluators() {
    return item.key().equals(EVALUATORS);
  }
}
