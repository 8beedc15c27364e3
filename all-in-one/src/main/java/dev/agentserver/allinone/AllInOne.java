package dev.agentserver.allinone;

import dev.agentserver.allinone.data.DataDirectory;
import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.allinone.identity.IdentityConfig;
import dev.agentserver.allinone.identity.IdentityServer;
import dev.agentserver.allinone.postgres.EmbeddedDatabase;
import dev.agentserver.conversation.Config;
import dev.agentserver.gateway.Gateway;
import dev.agentserver.gateway.GatewayConfig;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Profile;
import dev.agentserver.kit.db.DatabaseRoles;
import dev.agentserver.kit.db.Ids;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/// Starts every part in the order they need each other: PostgreSQL, the roles in it, identity, the
/// services, the gateway. Each part is the one that also runs in a process of its own; here they
/// get free loopback ports and are told each other's.
///
/// What the environment says of anything else holds, as it does for each part alone.
final class AllInOne {
  /// Passwords are ours here; a file the environment names for another database is not meant.
  private static final Map<String, String> NO_FILES =
      Map.of("DB_PASSWORD_FILE", "", "DB_OWNER_PASSWORD_FILE", "");

  private final Settings settings;
  private final Environment environment;
  private final Opened opened;
  private final Progress progress;

  private AllInOne(Settings settings, Environment environment, Opened opened, Progress progress) {
    this.settings = settings;
    this.environment = environment;
    this.opened = opened;
    this.progress = progress;
  }

  /// Starts everything, adds it to `opened` part by part, and returns once a request will be
  /// answered.
  static Welcome start(
      Settings settings, Environment environment, Opened opened, Progress progress) {
    if (Profile.from(environment) == Profile.PROD) {
      throw new StartFailure(
          "./run is for development and refuses AGENTSERVER_PROFILE=prod: docs/operations.md says how the services run in production.");
    }
    settings.requirePorts();
    return new AllInOne(settings, environment, opened, progress).start();
  }

  private Welcome start() {
    var data = opened.add(DataDirectory.open(settings.data(), EmbeddedDatabase.MAJOR));
    progress.begin("PostgreSQL " + EmbeddedDatabase.MAJOR);
    var database = opened.add(EmbeddedDatabase.start(data.path("postgres")));
    progress.begin("identity");
    var identity = opened.add(IdentityServer.start(identityConfig(data.path("."))));
    progress.begin("conversation-service");
    var conversation =
        opened.add(
            dev.agentserver.conversation.Wiring.start(conversationConfig(database, identity)));
    progress.begin("gateway");
    var gateway = opened.add(Gateway.start(gatewayConfig(identity, conversation.port())));
    var url = "http://127.0.0.1:" + gateway.port();
    Readiness.await(url);
    var endpoints =
        new Endpoints(
            url,
            "http://127.0.0.1:" + gateway.adminPort(),
            Map.of(
                Config.NAME,
                Endpoints.Service.onLoopback(conversation.port(), conversation.adminPort()),
                IdentityServer.NAME,
                Endpoints.Service.onLoopback(identity.port(), identity.adminPort())),
            database.url());
    opened.add(endpoints.publish(data.path("endpoints.json")));
    progress.end();
    return new Welcome(
        url,
        identity.developmentKey(),
        data.path(IdentityServer.KEY_FILE),
        Ids.uuidV7(Clock.systemUTC()).next());
  }

  private IdentityConfig identityConfig(Path directory) {
    var own =
        Map.of(
            "DATA", directory.toString(),
            "TENANTS", Integer.toString(settings.tenants()),
            "HOST", Settings.HOST,
            "PORT", settings.exposedOrFree(Settings.IDENTITY_PORT),
            "ADMIN_PORT", "0");
    return IdentityConfig.from(environment.with(own));
  }

  private Config conversationConfig(EmbeddedDatabase database, IdentityServer identity) {
    var own =
        Map.of(
            "HOST", Settings.HOST,
            "PORT", settings.exposedOrFree(Settings.CONVERSATION_PORT),
            "ADMIN_PORT", "0",
            "ACCESS_TARGET", target(identity.port()),
            "DB_URL", database.url(),
            "DB_USER", Config.SCHEMA + "_runtime",
            "DB_PASSWORD", database.password(Config.SCHEMA + "_runtime"),
            "DB_OWNER_USER", Config.SCHEMA + "_owner",
            "DB_OWNER_PASSWORD", database.password(Config.SCHEMA + "_owner"));
    var config = Config.from(environment.with(NO_FILES).with(own));
    provision(database, config.database());
    return config;
  }

  private GatewayConfig gatewayConfig(IdentityServer identity, int conversationPort) {
    var own =
        Map.of(
            "HOST", Settings.HOST,
            "PORT", Integer.toString(settings.port()),
            "ADMIN_PORT", settings.exposedOrFree(Settings.ADMIN_PORT),
            "ACCESS_TARGET", target(identity.port()),
            "UPSTREAMS",
                "agentserver.conversation.v1=%s;agentserver.settings.v1=%s"
                    .formatted(target(conversationPort), target(identity.port())));
    return GatewayConfig.from(environment.with(own));
  }

  private static void provision(EmbeddedDatabase database, DatabaseConfig config) {
    DatabaseRoles.provision(
        database.url(), database.superuser(), database.superuserPassword(), config);
  }

  private static String target(int port) {
    return "static:" + Settings.HOST + ":" + port;
  }
}
