package dev.agentserver.agentrun.usage;

/// Makes disjoint units of what providers report.
public interface Normalizer {
  /// Never fails: what cannot be read is [NormalizedUsage.State#INVALID] or
  /// [NormalizedUsage.State#MISSING].
  ///
  /// @param provider any name of it
  /// @param apiFlavor which of its interfaces was called: "chat", "responses", "messages" ...;
  ///     empty or unknown: found out by the fields
  /// @param model what was called; empty: the one that the report names
  /// @param rawJson the response, its usage alone, or an array of a stream's events
  NormalizedUsage normalize(String provider, String apiFlavor, String model, String rawJson);
}
