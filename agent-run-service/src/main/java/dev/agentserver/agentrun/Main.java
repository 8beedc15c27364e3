package dev.agentserver.agentrun;

import dev.agentserver.agentrun.bi.ReaderStore;
import dev.agentserver.agentrun.link.LinkCheckStore;
import dev.agentserver.kit.config.AdminConfig;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.db.AdminProcess;
import dev.agentserver.kit.db.DatabaseRoles;
import dev.agentserver.kit.observe.Logging;
import java.sql.SQLException;

/// Starts agent-run-service. With an argument it does something else and ends, as the administrator
/// DB_ADMIN_URL, DB_ADMIN_USER, DB_ADMIN_PASSWORD: `provision` makes the database roles and the
/// schema; `reader` makes a role that reads the views for business intelligence (BI_USER,
/// BI_PASSWORD, BI_TENANT_ID); `verify` counts the links that lead nowhere.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    var environment = Environment.system();
    Logging.configure(environment.text("LOG_LEVEL", "INFO"), environment.flag("LOG_JSON", true));
    switch (arguments.length == 0 ? "" : arguments[0]) {
      case "provision" ->
          AdminProcess.run(
              () ->
                  DatabaseRoles.provision(
                      AdminConfig.from(environment),
                      DatabaseConfig.from(environment, Config.SCHEMA)));
      case "reader" ->
          AdminProcess.run(
              () ->
                  ReaderStore.provision(
                      AdminConfig.from(environment),
                      Config.SCHEMA,
                      environment.required("BI_USER"),
                      environment.secret("BI_PASSWORD"),
                      environment.requiredUuid("BI_TENANT_ID")));
      case "verify" -> AdminProcess.run(() -> System.exit(verify(AdminConfig.from(environment))));
      case "" -> {
        var service = Wiring.start(Config.from(environment));
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(service::close));
        service.awaitClose();
      }
      case String other -> {
        System.err.println("There is no command " + other + ": provision, reader and verify are.");
        System.exit(2);
      }
    }
  }

  private static int verify(AdminConfig admin) throws SQLException {
    var links = LinkCheckStore.dangling(admin);
    links.forEach((link, count) -> System.out.printf("%-24s %d%n", link, count));
    return links.values().stream().allMatch(count -> count == 0) ? 0 : 1;
  }
}
