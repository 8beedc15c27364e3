package dev.agentserver.e2e.server;

import dev.agentserver.e2e.server.Server.Exit;
import java.util.Map;

/// `./agentctl verify`, without building first.
public final class Verification {
  private Verification() {}

  public static Exit of(Server server) {
    var database = Database.of(server);
    return Part.start(
            "verify",
            CommandLine.brief("dev.agentserver.agentrun.Main", "verify"),
            Map.of(
                "DB_ADMIN_URL",
                database.url(),
                "DB_ADMIN_USER",
                "postgres",
                "DB_ADMIN_PASSWORD",
                database.password(),
                "LOG_LEVEL",
                "WARN"))
        .awaitExit();
  }
}
