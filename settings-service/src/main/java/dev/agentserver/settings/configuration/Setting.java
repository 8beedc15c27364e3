package dev.agentserver.settings.configuration;

import dev.agentserver.settings.definition.SettingType;
import org.jspecify.annotations.Nullable;

/// A setting as it is in one environment.
///
/// @param text the value; null where there is none, and where it is a secret
/// @param revision the one that set it; 0 for a process
/// @param fingerprint of a secret; null where there is none
/// @param platform whether it is the platform's, because the tenant has none of this key
record Setting(
    String key,
    SettingType type,
    @Nullable String text,
    Layer layer,
    long revision,
    boolean sensitive,
    @Nullable String fingerprint,
    boolean platform) {
  /// Where a value comes from.
  enum Layer {
    NONE,
    PROCESS,
    ENVIRONMENT,
    ALL,
    DEFAULT
  }

  Setting ofPlatform() {
    return new Setting(key, type, text, layer, revision, sensitive, fingerprint, true);
  }
}
