package dev.agentserver.agentrun.price;

/// What a price is for: at any time there is one version at most.
///
/// @param provider its name, in small letters
/// @param model as the provider names it
/// @param tier the service tier, in small letters; empty: the standard one and no other
/// @param batch for calls of batches and no others, or for the others
/// @param region for this region only; empty: for all that have no price of their own
public record PriceKey(
    String provider, String model, String tier, boolean batch, String region, Daily daily) {
  /// The ordinary price of a model.
  public static PriceKey of(String provider, String model) {
    return new PriceKey(provider, model, "", false, "", Daily.ALWAYS);
  }
}
