package dev.agentserver.kit.config;

import java.util.Locale;

/// What the process runs for. PROD refuses the defaults that are only fit for a laptop.
public enum Profile {
  DEV,
  PROD;

  public static Profile from(Environment environment) {
    return switch (environment.text("AGENTSERVER_PROFILE", "dev").toLowerCase(Locale.ROOT)) {
      case "dev" -> DEV;
      case "prod" -> PROD;
      case String other ->
          throw new IllegalArgumentException(
              "AGENTSERVER_PROFILE is \"" + other + "\", allowed are dev and prod");
    };
  }
}
