package dev.agentserver.kit.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The environment variables of the process. An empty variable counts as absent, because compose
/// files and shells cannot unset one. A bad value is an IllegalArgumentException that names the
/// variable and what it may be.
public final class Environment {
  private final Map<String, String> values;

  private Environment(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  public static Environment of(Map<String, String> values) {
    return new Environment(values);
  }

  public static Environment system() {
    return new Environment(System.getenv());
  }

  /// The same environment with these values in place of its own.
  public Environment with(Map<String, String> more) {
    var all = new HashMap<>(values);
    all.putAll(more);
    return new Environment(all);
  }

  public String text(String name, String fallback) {
    var value = find(name);
    return value == null ? fallback : value;
  }

  public String required(String name) {
    var value = find(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is not set and has no default");
    }
    return value;
  }

  public UUID requiredUuid(String name) {
    var value = required(name);
    try {
      return UUID.fromString(value);
    } catch (IllegalArgumentException notAUuid) {
      throw bad(name, value, "a UUID", notAUuid);
    }
  }

  public int integer(String name, int fallback, int min, int max) {
    var value = find(name);
    if (value == null) {
      return fallback;
    }
    try {
      var number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw bad(name, value, "a whole number from " + min + " to " + max, notANumber);
    }
    throw bad(name, value, "a whole number from " + min + " to " + max, null);
  }

  /// A duration in ISO 8601 (`PT30S`) or short (`500ms`, `30s`, `5m`, `1h`, `7d`).
  public Duration duration(String name, Duration fallback) {
    var value = find(name);
    if (value == null) {
      return fallback;
    }
    return Durations.parse(value)
        .orElseThrow(
            () ->
                bad(
                    name,
                    value,
                    "a duration of zero or more such as 500ms, 30s, 5m or PT30S",
                    null));
  }

  public boolean flag(String name, boolean fallback) {
    var value = find(name);
    if (value == null) {
      return fallback;
    }
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      case String _ -> throw bad(name, value, "true or false", null);
    };
  }

  /// A secret from the variable, or from the file that the variable followed by `_FILE` names.
  public Secret secret(String name) {
    var secret = findSecret(name);
    if (secret == null) {
      throw new IllegalArgumentException(
          "neither " + name + " nor " + name + "_FILE is set, and it has no default");
    }
    return secret;
  }

  public Secret secret(String name, String fallback) {
    var secret = findSecret(name);
    return secret == null ? new Secret(fallback) : secret;
  }

  /// The same for a secret that one can do without.
  public Optional<Secret> secretIfSet(String name) {
    return Optional.ofNullable(findSecret(name));
  }

  private @Nullable Secret findSecret(String name) {
    var value = find(name);
    var file = find(name + "_FILE");
    if (value != null && file != null) {
      throw new IllegalArgumentException(
          name + " and " + name + "_FILE are both set; one of them is allowed");
    }
    if (file == null) {
      return value == null ? null : new Secret(value);
    }
    try {
      return new Secret(Files.readString(Path.of(file)).strip());
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          name + "_FILE names " + file + ", which cannot be read", unreadable);
    }
  }

  private @Nullable String find(String name) {
    var value = values.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static IllegalArgumentException bad(
      String name, String value, String allowed, @Nullable Exception cause) {
    return new IllegalArgumentException(
        name + " is \"" + value + "\", allowed is " + allowed, cause);
  }
}
