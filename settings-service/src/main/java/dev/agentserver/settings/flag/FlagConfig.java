package dev.agentserver.settings.flag;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.LiveConfig;
import dev.agentserver.kit.config.Secret;
import java.util.Optional;

/// How flags are served.
///
/// @param environment the one that counts for clients that name none
/// @param httpPort the port of OFREP; 0 takes a free one
/// @param guestPort the port of flagd's protocol for clients that cannot send a credential; 0 takes
/// a free one
/// @param guestKey the API key that such clients act by; empty: there is no such port
public record FlagConfig(
    String environment, int httpPort, int guestPort, Optional<Secret> guestKey) {
  private static final int ABOVE = 10;
  private static final int FLAGD_PORT = 8013;

  /// Reads CONFIG_ENVIRONMENT, HTTP_PORT, FLAGD_PORT and FLAGD_KEY.
  ///
  /// @param port the gRPC port of the process
  public static FlagConfig from(Environment environment, int port) {
    // A process that takes a free port takes free ones only.
    return new FlagConfig(
        LiveConfig.environment(environment),
        environment.integer("HTTP_PORT", port == 0 ? 0 : port + ABOVE, 0, 65_535),
        environment.integer("FLAGD_PORT", port == 0 ? 0 : FLAGD_PORT, 0, 65_535),
        environment.secretIfSet("FLAGD_KEY"));
  }
}
