package dev.agentserver.agentrun.usage;

/// Under which terms a call was made, as far as prices depend on it.
///
/// @param tier the service tier, in small letters: "priority", "flex", "fast" ...; empty: the
///     standard
/// @param batch whether it was one of a batch
/// @param region where it was processed, as the provider names it; empty: not said
public record Conditions(String tier, boolean batch, String region) {
  /// The ordinary ones.
  public static final Conditions STANDARD = new Conditions("", false, "");

  /// These, and where they say nothing what the others say.
  public Conditions or(Conditions others) {
    return new Conditions(
        tier.isEmpty() ? others.tier : tier,
        batch || others.batch,
        region.isEmpty() ? others.region : region);
  }
}
