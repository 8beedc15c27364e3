package dev.agentserver.settings.configuration;

import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.EventLog;
import dev.agentserver.kit.eventlog.EventLogLimits;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.service.Periodic;
import dev.agentserver.settings.history.History;
import dev.agentserver.settings.history.Schedules;
import dev.agentserver.settings.history.Space;
import dev.agentserver.settings.history.Touched;
import dev.agentserver.settings.history.Touches;
import io.grpc.BindableService;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// The objects behind configuration.
public record ConfigurationWiring(
    List<BindableService> services, EventLog<Touched> log, Snapshots snapshots, Periodic scheduled)
    implements AutoCloseable {
  private static final String NAME = "configuration";
  private static final Duration SCHEDULE = Duration.ofSeconds(1);

  /// What the process is told from outside.
  ///
  /// @param environment the one that it runs in
  /// @param doorbell whether processes tell each other of revisions at once
  public record Options(Overrides overrides, String environment, boolean doorbell) {}

  /// @param secrets how sensitive values are kept
  /// @param refused asked whether the token of who watches still counts
  public static ConfigurationWiring open(
      KitRuntime kit,
      ServerConfig server,
      Options options,
      SecretValues secrets,
      Revocations refused,
      Metrics metrics,
      Clock clock) {
    var database = kit.database();
    var writes = kit.writes();
    // However far behind one is, the revisions are there: nobody is sent to a snapshot.
    var unlimited = EventLogLimits.defaults().withMaxLag(Long.MAX_VALUE);
    var limits = options.doorbell() ? unlimited : unlimited.withoutDoorbell();
    var log = EventLog.open(NAME, kit.config(), database, new Touches(), metrics, limits);
    var platform = new Platform(database);
    var snapshots = new Snapshots(database, platform, options.overrides());
    var history =
        new History(
            Space.CONFIGURATION,
            (db, tenant, revision) -> {
              Database.afterCommit(db, () -> snapshots.know(tenant, revision));
              log.appended(db, Space.CONFIGURATION.stream(tenant), revision);
              log.bells().ring(db, Space.CONFIGURATION.anyTenant(), revision);
            });
    snapshots.follow(log.bells().subscribe(Space.CONFIGURATION.anyTenant()));
    var changes = new Changes(kit.audit(), secrets);
    var definitions = new Definitions(database, writes, history, changes);
    var configuration = new Configuration(database, writes, history, snapshots, platform, changes);
    var following =
        new Following(
            log,
            snapshots,
            configuration,
            refused,
            clock,
            server.streamHeartbeat(),
            server.streamTokenGrace());
    var schedules = new Schedules(Space.CONFIGURATION, database);
    var plans = new Plans(writes, history, changes, schedules, kit.ids()::next, clock);
    var changing =
        new ChangeRpc(
            configuration,
            new Rollbacks(configuration, history, changes),
            plans,
            new Files(configuration, definitions, changes, snapshots));
    var services =
        List.<BindableService>of(
            new DefinitionRpc(definitions),
            new ConfigurationRpc(configuration, following, changing, options.environment()),
            new FeedRpc(new Feed(database, platform, definitions, following, snapshots, changes)));
    var scheduled = Periodic.start("scheduled-changes", SCHEDULE, plans::makeDue);
    return new ConfigurationWiring(services, log, snapshots, scheduled);
  }

  @Override
  public void close() {
    scheduled.close();
    snapshots.close();
    log.close();
  }
}
