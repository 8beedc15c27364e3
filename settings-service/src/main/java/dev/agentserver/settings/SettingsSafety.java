package dev.agentserver.settings;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Safety;
import dev.agentserver.settings.secret.Sealing;
import dev.agentserver.settings.secret.wrapper.MasterKeyConfig;
import java.time.Duration;

/// What settings-service may not be told in production.
final class SettingsSafety {
  /// What development calls its keys; production takes none of them.
  static final String DEVELOPMENT = "dev";

  private static final int PEPPER = 32;

  /// 32 bytes in base64, without its padding.
  private static final int KEY = 43;

  private SettingsSafety() {}

  private static boolean isPrivate(String vault) {
    return vault.startsWith("https://")
        || vault.matches("http://(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d+)?/?");
  }

  static void judge(Environment environment, Safety safety) {
    safety.secret("SETTINGS_KEY", KEY);
    safety.refuse(
        () -> {
          environment.secretIfSet("SETTINGS_KEY").ifPresent(Sealing::new);
          return false;
        },
        "");
    safety.refuse(
        () -> {
          MasterKeyConfig.previous(environment).forEach(Sealing::new);
          return false;
        },
        "");
    safety.refuse(
        () -> !isPrivate(environment.text("VAULT_ADDR", "https://")),
        "VAULT_ADDR is not https: whoever listens learns data keys and the token");
    safety.secret("KEY_PEPPER", PEPPER);
    safety.different("SETTINGS_KEY", "KEY_PEPPER");
    safety.different("SETTINGS_KEY", "DB_PASSWORD");
    safety.different("KEY_PEPPER", "DB_PASSWORD");
    safety.noLongerThan(
        "SIGNING_KEY_LIFE",
        Duration.ofDays(30),
        Duration.ofDays(365),
        "keys would as good as never change");
    safety.noLongerThan(
        "OIDC_JWKS_TTL",
        Duration.ofMinutes(5),
        Duration.ofHours(1),
        "a key that a provider withdraws would go on");
    safety.noLongerThan(
        "OIDC_JWKS_OUTAGE",
        Duration.ofHours(4),
        Duration.ofDays(1),
        "a key that a provider withdraws would go on");
    safety.refuse(
        () -> environment.text("KEY_ENVIRONMENT", "live").equals(DEVELOPMENT),
        "KEY_ENVIRONMENT is dev: keys of development are not accepted in production");
  }
}
