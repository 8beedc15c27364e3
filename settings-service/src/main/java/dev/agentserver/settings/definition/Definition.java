package dev.agentserver.settings.definition;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a key means and which values it may have.
///
/// @param version of the definition: its etag
/// @param revision the one that made it what it is
public record Definition(
    Draft draft,
    String service,
    long version,
    long revision,
    Instant createdAt,
    Instant updatedAt) {
  private static final String PREFIX = "SETTING_";

  /// What of a definition is said by whoever makes it.
  ///
  /// @param schema a JSON Schema; empty: anything
  /// @param fallback the value where none is set; null: there is none
  public record Draft(
      String key,
      SettingType type,
      String schema,
      @Nullable String fallback,
      String description,
      boolean active,
      boolean sensitive,
      boolean isPublic) {}

  public String key() {
    return draft.key();
  }

  public SettingType type() {
    return draft.type();
  }

  public boolean sensitive() {
    return draft.sensitive();
  }

  public String etag() {
    return Long.toString(version);
  }

  /// The variable that overrides it in a process.
  public String variable() {
    return variable(draft.key());
  }

  /// The same for a key.
  public static String variable(String key) {
    return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /// Whether it already is what a service registers.
  public boolean is(Draft other, String byService) {
    return draft.equals(other) && Objects.equals(service, byService);
  }
}
