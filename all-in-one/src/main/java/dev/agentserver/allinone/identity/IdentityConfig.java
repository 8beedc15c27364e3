package dev.agentserver.allinone.identity;

import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Profile;
import dev.agentserver.kit.config.ServerConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/// What the development identity is told from outside.
///
/// @param directory where its file and the key files are
/// @param tenants how many tenants there are at least
/// @param beyondLoopback whether it may listen where other machines, or containers, reach it
public record IdentityConfig(
    ServerConfig server, Path directory, int tenants, boolean beyondLoopback) {
  private static final int DEFAULT_PORT = 9102;

  /// Reads what every server reads, and DATA, TENANTS and DEVELOPMENT_IDENTITY_BEYOND_LOOPBACK.
  public static IdentityConfig from(Environment environment) {
    return new IdentityConfig(
        ServerConfig.from(environment, IdentityServer.NAME, DEFAULT_PORT),
        Path.of(environment.text("DATA", "data")),
        environment.integer("TENANTS", 1, 1, 1000),
        environment.flag("DEVELOPMENT_IDENTITY_BEYOND_LOOPBACK", false));
  }

  /// It knows its tenants' keys in clear and cannot revoke one, so it is kept from where it would
  /// have to protect something.
  void requireDevelopment() {
    if (server.profile() == Profile.PROD) {
      throw new StartFailure("The development identity is refused in the profile prod.");
    }
    if (!beyondLoopback && !loopback()) {
      throw new StartFailure(
          "The development identity listens on the loopback interface only, and HOST is %s. In a network of its own, DEVELOPMENT_IDENTITY_BEYOND_LOOPBACK=true allows it."
              .formatted(server.host()));
    }
  }

  private boolean loopback() {
    try {
      return InetAddress.getByName(server.host()).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      throw new StartFailure("There is no host " + server.host() + ".", unknown);
    }
  }
}
