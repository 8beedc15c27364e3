package dev.agentserver.e2e.server;

import dev.agentserver.e2e.server.Server.Exit;
import java.util.Map;

/// `./agentctl`, without building first: against a server, with somebody's credential, and a legacy
/// database where one is named.
public final class Agentctl {
  private static final String MAIN = "dev.agentserver.commandline.Agentctl";

  private final Map<String, String> environment;

  private Agentctl(Map<String, String> environment) {
    this.environment = environment;
  }

  public static Agentctl of(Server server, String credential) {
    return new Agentctl(
        Map.of(
            "AGENTSERVER_URL",
            server.url().toString(),
            "AGENTSERVER_API_KEY",
            credential,
            "LEGACY_DB_USER",
            "postgres",
            "LEGACY_DB_PASSWORD",
            Database.of(server).password()));
  }

  /// Runs a command to its end.
  public Exit run(String... arguments) {
    return Part.start("agentctl", CommandLine.quick(MAIN, arguments), environment).awaitExit();
  }

  /// Starts a command that is to be killed, or takes long.
  public Part start(String... arguments) {
    return Part.start("agentctl", CommandLine.quick(MAIN, arguments), environment);
  }

  /// How a legacy database is named on the command line.
  public static String url(Database database) {
    return database.url();
  }
}
