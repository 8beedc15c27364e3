package dev.agentserver.settings.history;

import org.jspecify.annotations.Nullable;

/// What a value was made in a revision: a text, a secret that only its fingerprint is kept of, or
/// nothing where it was removed.
public record Content(@Nullable String text, @Nullable String fingerprint) {
  public static final Content NONE = new Content(null, null);

  public static Content text(String text) {
    return new Content(text, null);
  }

  public static Content secret(String fingerprint) {
    return new Content(null, fingerprint);
  }

  public boolean isNone() {
    return text == null && fingerprint == null;
  }

  /// What proves that a value was this, without telling a secret.
  public String proof() {
    return text != null ? text : fingerprint != null ? fingerprint : "";
  }
}
