package dev.agentserver.settings.flag.rule;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a flag answers.
///
/// @param variant the variant chosen
/// @param value its value, JSON as Java objects
/// @param hasValue whether there is one: a flag that is off has none, and one whose targeting chose
/// nothing and that has no default
/// @param error what went wrong
/// @param message the same in words, empty where nothing did
/// @param metadata what its definition says of the flag
public record Resolution(
    Reason reason,
    Optional<String> variant,
    @Nullable Object value,
    boolean hasValue,
    Optional<ErrorCode> error,
    String message,
    Map<String, @Nullable Object> metadata) {

  static Resolution of(
      Reason reason,
      String variant,
      @Nullable Object value,
      Map<String, @Nullable Object> metadata) {
    return new Resolution(
        reason, Optional.of(variant), value, true, Optional.empty(), "", metadata);
  }

  static Resolution none(Reason reason, Map<String, @Nullable Object> metadata) {
    return new Resolution(reason, Optional.empty(), null, false, Optional.empty(), "", metadata);
  }

  /// An answer that there is none.
  public static Resolution failed(
      ErrorCode code, String message, Map<String, @Nullable Object> metadata) {
    return new Resolution(
        Reason.ERROR, Optional.empty(), null, false, Optional.of(code), message, metadata);
  }

  /// The same for a caller that expects this type: a value of another one is TYPE_MISMATCH.
  public Resolution expect(Kind kind) {
    if (!hasValue || kind.fits(value)) {
      return this;
    }
    var expected = kind.name().toLowerCase(Locale.ROOT);
    return failed(ErrorCode.TYPE_MISMATCH, "the value is not of type " + expected, metadata);
  }
}
