package dev.agentserver.agentrun.usage;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a call used, as its provider told it along with what came of the call.
///
/// @param raw JSON
/// @param partial whether the provider told a part of it only
/// @param holdId what was reserved for it; null: nothing
public record ProviderUsage(
    String provider,
    String model,
    String flavor,
    Conditions conditions,
    String raw,
    boolean partial,
    @Nullable UUID holdId) {
  /// All that is said, the same for the same.
  public String text() {
    return String.join(
        "\0",
        provider,
        model,
        flavor,
        conditions.tier(),
        conditions.region(),
        Boolean.toString(conditions.batch()),
        raw,
        Boolean.toString(partial),
        holdId == null ? "" : holdId.toString());
  }
}
