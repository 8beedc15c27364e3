package dev.agentserver.agentrun.ledger.record;

import dev.agentserver.agentrun.usage.Reading;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// What somebody says is wrong of a record.
///
/// @param what what is right
/// @param reason for people
public record Correction(UUID eventId, What what, String reason) {
  /// What is right.
  public sealed interface What {
    /// The provider told this.
    record Raw(String raw) implements What {}

    /// This was used.
    ///
    /// @param readings of the model that was called
    record Quantities(Function<String, List<Reading>> readings) implements What {}

    /// Nothing was used.
    record Nothing() implements What {}
  }
}
