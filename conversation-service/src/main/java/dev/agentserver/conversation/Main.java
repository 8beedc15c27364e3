package dev.agentserver.conversation;

import dev.agentserver.kit.config.AdminConfig;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.db.AdminProcess;
import dev.agentserver.kit.db.DatabaseRoles;
import dev.agentserver.kit.observe.Logging;

/// Starts conversation-service. With the argument `provision` it makes the database roles and the
/// schema instead, as the administrator DB_ADMIN_URL, DB_ADMIN_USER, DB_ADMIN_PASSWORD, and ends.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    var environment = Environment.system();
    Logging.configure(environment.text("LOG_LEVEL", "INFO"), environment.flag("LOG_JSON", true));
    if (arguments.length == 1 && arguments[0].equals("provision")) {
      AdminProcess.run(
          () ->
              DatabaseRoles.provision(
                  AdminConfig.from(environment), DatabaseConfig.from(environment, Config.SCHEMA)));
      return;
    }
    var service = Wiring.start(Config.from(environment));
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(service::close));
    service.awaitClose();
  }
}
