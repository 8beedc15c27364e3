package dev.agentserver.settings.configuration;

import dev.agentserver.settings.history.Content;
import dev.agentserver.settings.secret.StoredSecret;
import org.jspecify.annotations.Nullable;

/// What a setting is in one environment, or in all.
///
/// @param text null where it is a secret
/// @param sealed the secret, encrypted
/// @param fingerprint of the secret
/// @param revision the one that made it so
record Value(
    @Nullable String text,
    @Nullable StoredSecret sealed,
    @Nullable String fingerprint,
    long revision) {
  Content content() {
    return new Content(text, fingerprint);
  }
}
