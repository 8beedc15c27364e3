package dev.agentserver.agentrun.event;

import dev.agentserver.agentrun.event.watch.WatchWiring;
import dev.agentserver.agentrun.run.RunFeed;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.eventlog.Bells;
import dev.agentserver.kit.eventlog.EventLog;
import dev.agentserver.kit.eventlog.EventLogLimits;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.service.KitRuntime;
import dev.agentserver.kit.service.Periodic;
import io.grpc.BindableService;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/// The objects that write and deliver events.
public final class EventWiring implements AutoCloseable {
  private static final Duration PARTITIONS_INTERVAL = Duration.ofHours(1);

  private final EventLog<RunEvent> log;
  private final Events events;
  private final RunFeed runs;
  private final Partitions partitions;
  private final Periodic keeping;
  private final BindableService service;

  /// @param keep how long events are kept at least
  public EventWiring(
      String name,
      KitRuntime kit,
      EventLogLimits limits,
      Metrics metrics,
      Revocations revocations,
      Clock clock,
      ServerConfig server,
      PageSizes pages,
      Supplier<Duration> keep) {
    var database = kit.database();
    partitions = new Partitions(database, keep);
    // The service may have been away for months.
    partitions.make();
    log = EventLog.open(name, kit.config(), database, new RunEvents(), metrics, limits);
    events = new Events(kit.ids(), log::appended);
    runs = new RunNewsFeed(events, kit.ids());
    keeping = Periodic.start("event-partitions", PARTITIONS_INTERVAL, partitions::run);
    service = WatchWiring.service(database, events, log, revocations, clock, server, pages);
  }

  /// Where whatever happens is written down.
  public Events events() {
    return events;
  }

  /// Where what happens to runs is written down.
  public RunFeed runs() {
    return runs;
  }

  /// The doorbells of the service.
  public Bells bells() {
    return log.bells();
  }

  /// Makes partitions ahead, and drops those whose time is over.
  public Partitions partitions() {
    return partitions;
  }

  /// RunEventService.
  public BindableService service() {
    return service;
  }

  /// Ends the watches.
  @Override
  public void close() {
    keeping.close();
    log.close();
  }
}
