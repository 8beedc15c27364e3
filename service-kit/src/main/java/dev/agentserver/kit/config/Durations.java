package dev.agentserver.kit.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Lengths of time as people write them: short (`500ms`, `30s`, `5m`, `1h`, `7d`) or in ISO 8601
/// (`PT30S`).
public final class Durations {
  private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private Durations() {}

  /// Empty where it is none, or a negative one.
  public static Optional<Duration> parse(String text) {
    var form = SHORT.matcher(text.toLowerCase(Locale.ROOT));
    try {
      var duration =
          form.matches()
              ? ofShort(Long.parseLong(form.group(1)), form.group(2))
              : Duration.parse(text);
      return duration.isNegative() ? Optional.empty() : Optional.of(duration);
    } catch (DateTimeParseException notADuration) {
      return Optional.empty();
    }
  }

  private static Duration ofShort(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case String _ -> Duration.ofDays(amount);
    };
  }
}
