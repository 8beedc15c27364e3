package dev.agentserver.agentrun.usage;

/// Something in a provider's report that is not as it should be.
///
/// @param field its path in the report; empty: the report as a whole
/// @param message for people
public record Warning(Code code, String field, String message) {
  /// What it is.
  public enum Code {
    /// The sum of what was used is not the total that the provider gives.
    TOTAL_MISMATCH,
    /// A field that counts something which is not known here; what it counts is not billed.
    UNMAPPED_FIELD,
    /// A part is larger than the whole that it is part of; makes the usage INVALID.
    NEGATIVE_BUCKET,
    /// A field that should count does not hold a count; makes the usage INVALID.
    NOT_A_COUNT,
    /// It is not JSON; makes the usage INVALID.
    NOT_JSON
  }
}
