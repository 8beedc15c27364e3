package dev.agentserver.allinone.access;

import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.kit.config.AdminConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Profile;
import dev.agentserver.kit.db.DatabaseRoles;
import dev.agentserver.kit.observe.Logging;
import dev.agentserver.settings.BootstrapWiring;
import dev.agentserver.settings.Config;
import java.nio.file.Path;

/// Prepares settings-service for docker-compose.yml, and ends: makes its database roles, and the
/// credentials of development in the directory DATA.
public final class DevelopmentMain {
  private DevelopmentMain() {}

  public static void main(String[] arguments) {
    var environment = Environment.system();
    Logging.configure(environment.text("LOG_LEVEL", "INFO"), environment.flag("LOG_JSON", true));
    try {
      if (Profile.from(environment) == Profile.PROD) {
        throw new StartFailure(
            "Development credentials are refused in the profile prod: use the command bootstrap of settings-service.");
      }
      prepare(environment);
    } catch (StartFailure failure) {
      System.err.println(failure.getMessage());
      System.exit(1);
    }
  }

  private static void prepare(Environment environment) {
    var access =
        DevelopmentAccess.open(
            Path.of(environment.text("DATA", "data")), environment.integer("TENANTS", 1, 1, 1000));
    var config = Config.from(environment.with(access.ofSettings()));
    DatabaseRoles.provision(AdminConfig.from(environment), config.database());
    try (var wiring = BootstrapWiring.open(config)) {
      access.keys().makeKnown(wiring.bootstrap());
    }
  }
}
