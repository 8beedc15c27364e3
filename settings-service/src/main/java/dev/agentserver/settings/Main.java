package dev.agentserver.settings;

import dev.agentserver.kit.config.AdminConfig;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.db.AdminProcess;
import dev.agentserver.kit.db.DatabaseRoles;
import dev.agentserver.kit.observe.Logging;
import dev.agentserver.settings.bootstrap.OwnerExists;

/// Starts settings-service. With an argument it does something else and ends: `provision` makes the
/// database roles and the schema, as the administrator DB_ADMIN_URL, DB_ADMIN_USER,
/// DB_ADMIN_PASSWORD; `bootstrap` makes the first tenant and prints its owner's key.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    var environment = Environment.system();
    Logging.configure(environment.text("LOG_LEVEL", "INFO"), environment.flag("LOG_JSON", true));
    switch (arguments.length == 0 ? "" : arguments[0]) {
      case "provision" -> AdminProcess.run(() -> provision(environment));
      case "bootstrap" -> AdminProcess.run(() -> bootstrap(environment, Config.from(environment)));
      case "" -> {
        var service = Wiring.start(Config.from(environment));
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(service::close));
        service.awaitClose();
      }
      case String other -> {
        System.err.println("There is no command " + other + ": provision and bootstrap are.");
        System.exit(2);
      }
    }
  }

  private static void provision(Environment environment) {
    DatabaseRoles.provision(
        AdminConfig.from(environment), DatabaseConfig.from(environment, Config.SCHEMA));
  }

  private static void bootstrap(Environment environment, Config config) {
    try (var wiring = BootstrapWiring.open(config)) {
      var email = environment.text("OWNER_EMAIL", "");
      var first =
          wiring
              .bootstrap()
              .first(
                  config.keyEnvironment(),
                  environment.text("TENANT_NAME", "First tenant"),
                  email.isEmpty() ? null : email);
      System.out.printf(
          """
          tenant              %s
          owner key           %s
          platform key        %s
          SERVICE_CREDENTIAL  %s
          These are shown this once; only hashes of them are kept.
          """,
          first.tenantId(),
          first.ownerKey().format(),
          first.platformKey().format(),
          first.serviceCredential().format());
    } catch (OwnerExists refused) {
      System.err.println(refused.getMessage());
      System.exit(1);
    }
  }
}
