package dev.agentserver.allinone;

import dev.agentserver.allinone.access.DevelopmentAccess;
import dev.agentserver.allinone.data.DataDirectory;
import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.allinone.object.DevelopmentStore;
import dev.agentserver.allinone.postgres.EmbeddedDatabase;
import dev.agentserver.allinone.worker.DevelopmentAgents;
import dev.agentserver.conversation.Config;
import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.s3.S3Config;
import dev.agentserver.file.s3.S3ObjectStore;
import dev.agentserver.gateway.Gateway;
import dev.agentserver.gateway.GatewayConfig;
import dev.agentserver.kit.config.DatabaseConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Profile;
import dev.agentserver.kit.db.DatabaseRoles;
import dev.agentserver.kit.db.Ids;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Starts every part in the order they need each other: PostgreSQL, the roles in it, the services,
/// the gateway. Each part is the one that also runs in a process of its own; here they get free
/// loopback ports and are told each other's.
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

  /// settings-service asks agent-run-service and starts before it.
  private final int agentRunPort;
  private final int filePort;

  private AllInOne(Settings settings, Environment environment, Opened opened, Progress progress) {
    this.settings = settings;
    this.environment = environment;
    this.opened = opened;
    this.progress = progress;
    this.agentRunPort = settings.exposed() ? Settings.AGENT_RUN_PORT : FreePort.find();
    this.filePort = settings.exposed() ? Settings.FILE_PORT : FreePort.find();
  }

  /// Starts everything, adds it to `opened` part by part, and returns once a request will be
  /// answered.
  static Welcome start(
      Settings settings, Environment environment, Opened opened, Progress progress) {
    if (Profile.from(environment) == Profile.PROD) {
      throw new StartFailure(
          "./run is for development and refuses AGENTSERVER_PROFILE=prod: docs/operations.md says how the services run in production.");
    }
    settings.worker().check();
    settings.requirePorts();
    return new AllInOne(settings, environment, opened, progress).start();
  }

  private Welcome start() {
    var data = opened.add(DataDirectory.open(settings.data(), EmbeddedDatabase.MAJOR));
    var access = DevelopmentAccess.open(data.path("."), settings.tenants());
    var objects = opened.add(objects(data, access));
    progress.begin("PostgreSQL " + EmbeddedDatabase.MAJOR);
    var database = opened.add(EmbeddedDatabase.start(data.path("postgres")));
    progress.begin("settings-service");
    var identity =
        opened.add(dev.agentserver.settings.Wiring.start(settingsConfig(database, access)));
    access.keys().makeKnown(identity.bootstrap());
    progress.begin("conversation-service");
    var conversation =
        opened.add(
            dev.agentserver.conversation.Wiring.start(
                conversationConfig(database, access, identity.port())));
    progress.begin("agent-run-service");
    var agentRun =
        opened.add(
            dev.agentserver.agentrun.Wiring.start(
                agentRunConfig(database, access, identity.port(), conversation.port())));
    progress.begin("file-service");
    var file =
        opened.add(
            dev.agentserver.file.Wiring.start(
                fileConfig(database, access, identity.port(), conversation.port()),
                store(objects)));
    var agents = agents(access, agentRun.port());
    progress.begin("gateway");
    var gateway =
        opened.add(
            Gateway.start(
                gatewayConfig(access, identity, conversation.port(), agentRun.port(), file)));
    var url = "http://127.0.0.1:" + gateway.port();
    Readiness.await(url);
    var endpoints =
        new Endpoints(
            url,
            "http://127.0.0.1:" + gateway.adminPort(),
            Map.of(
                Config.NAME,
                Endpoints.Service.onLoopback(conversation.port(), conversation.adminPort()),
                dev.agentserver.file.Config.NAME,
                Endpoints.Service.onLoopback(file.port(), file.adminPort())
                    .withHttp(file.httpPort()),
                dev.agentserver.agentrun.Config.NAME,
                Endpoints.Service.onLoopback(agentRun.port(), agentRun.adminPort()),
                dev.agentserver.settings.Config.NAME,
                Endpoints.Service.onLoopback(identity.port(), identity.adminPort())
                    .withHttp(identity.httpPort())),
            "127.0.0.1:" + identity.guestPort(),
            database.url(),
            objects.endpoint());
    if (settings.worker().wanted()) {
      opened.add(settings.worker().start(url, access.firstKey()));
      agents.join();
    }
    opened.add(endpoints.publish(data.path("endpoints.json")));
    progress.end();
    return new Welcome(
        url,
        access.firstKey(),
        data.path(DevelopmentAccess.KEY_FILE),
        Ids.uuidV7(Clock.systemUTC()).next(),
        settings.worker().wanted() ? DevelopmentAgents.echo(access.firstTenant()) : null);
  }

  private ObjectStore store(DevelopmentStore objects) {
    return new S3ObjectStore(S3Config.from(environment.with(objects.ofFiles())), Clock.systemUTC());
  }

  private DevelopmentStore objects(DataDirectory data, DevelopmentAccess access) {
    var port = Integer.parseInt(settings.exposedOrFree(Settings.OBJECTS_PORT));
    return DevelopmentStore.start(data.path("objects"), port, access.objectsKey(), environment);
  }

  /// Beside everything else: nobody needs them before a worker is there.
  private CompletableFuture<Void> agents(DevelopmentAccess access, int agentRunPort) {
    var agents = new DevelopmentAgents(agentRunPort, access.firstKey(), access.firstTenant());
    return settings.worker().wanted()
        ? CompletableFuture.runAsync(
            () -> agents.makeKnown(settings.worker().modelUrl() != null),
            Thread::startVirtualThread)
        : CompletableFuture.completedFuture(null);
  }

  private dev.agentserver.settings.Config settingsConfig(
      EmbeddedDatabase database, DevelopmentAccess access) {
    var own = service(database, dev.agentserver.settings.Config.SCHEMA, Settings.SETTINGS_PORT);
    own.put("HTTP_PORT", settings.exposedOrFree(Settings.SETTINGS_HTTP_PORT));
    own.put("FLAGD_PORT", settings.exposedOrFree(Settings.FLAGD_PORT));
    own.put("FLAGD_KEY", access.firstKey());
    own.put("AGENT_RUN_TARGET", target(agentRunPort));
    own.putAll(access.ofSettings());
    var config = dev.agentserver.settings.Config.from(environment.with(own));
    provision(database, config.database());
    return config;
  }

  private Config conversationConfig(
      EmbeddedDatabase database, DevelopmentAccess access, int accessPort) {
    var own = service(database, Config.SCHEMA, Settings.CONVERSATION_PORT);
    own.putAll(access.ofOthers());
    own.put("ACCESS_TARGET", target(accessPort));
    own.put("AGENT_RUN_TARGET", target(agentRunPort));
    own.put("FILE_TARGET", target(filePort));
    var config = Config.from(environment.with(own));
    provision(database, config.database());
    return config;
  }

  private dev.agentserver.agentrun.Config agentRunConfig(
      EmbeddedDatabase database, DevelopmentAccess access, int accessPort, int conversationPort) {
    var own = service(database, dev.agentserver.agentrun.Config.SCHEMA, Settings.AGENT_RUN_PORT);
    own.put("PORT", Integer.toString(agentRunPort));
    own.putAll(access.ofOthers());
    own.put("ACCESS_TARGET", target(accessPort));
    own.put("CONVERSATION_TARGET", target(conversationPort));
    own.put("FILE_TARGET", target(filePort));
    var config = dev.agentserver.agentrun.Config.from(environment.with(own));
    provision(database, config.database());
    return config;
  }

  private dev.agentserver.file.Config fileConfig(
      EmbeddedDatabase database, DevelopmentAccess access, int accessPort, int conversationPort) {
    var own = service(database, dev.agentserver.file.Config.SCHEMA, Settings.FILE_PORT);
    own.put("PORT", Integer.toString(filePort));
    own.put("HTTP_PORT", settings.exposedOrFree(Settings.FILE_HTTP_PORT));
    own.putAll(access.ofOthers());
    own.put("ACCESS_TARGET", target(accessPort));
    own.put("CONVERSATION_TARGET", target(conversationPort));
    own.put("AGENT_RUN_TARGET", target(agentRunPort));
    var config = dev.agentserver.file.Config.from(environment.with(own));
    provision(database, config.database());
    return config;
  }

  /// What every service is told.
  private Map<String, String> service(EmbeddedDatabase database, String schema, int exposedPort) {
    var own = new HashMap<>(NO_FILES);
    own.put("HOST", Settings.HOST);
    own.put("PORT", settings.exposedOrFree(exposedPort));
    own.put("ADMIN_PORT", "0");
    own.put("DB_URL", database.url());
    own.put("DB_USER", schema + "_runtime");
    own.put("DB_PASSWORD", database.password(schema + "_runtime"));
    own.put("DB_OWNER_USER", schema + "_owner");
    own.put("DB_OWNER_PASSWORD", database.password(schema + "_owner"));
    return own;
  }

  private GatewayConfig gatewayConfig(
      DevelopmentAccess access,
      dev.agentserver.settings.Wiring identity,
      int conversationPort,
      int agentRunPort,
      dev.agentserver.file.Wiring file) {
    var own = new HashMap<>(access.ofOthers());
    own.put("HOST", Settings.HOST);
    own.put("PORT", Integer.toString(settings.port()));
    own.put("ADMIN_PORT", settings.exposedOrFree(Settings.ADMIN_PORT));
    own.put("ACCESS_TARGET", target(identity.port()));
    own.put(
        "UPSTREAMS",
        "agentserver.conversation.v1=%1$s;agentserver.settings.v1=%2$s;flagd.evaluation=%2$s;agentserver.agentrun.v1=%3$s;agentserver.file.v1=%4$s"
            .formatted(
                target(conversationPort),
                target(identity.port()),
                target(agentRunPort),
                target(file.port())));
    own.put(
        "HTTP_UPSTREAMS",
        "agentserver.settings.v1=%s;agentserver.file.v1=%s"
            .formatted(target(identity.httpPort()), target(file.httpPort())));
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
