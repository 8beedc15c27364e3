package dev.agentserver.agentrun.event.watch;

import dev.agentserver.agentrun.event.Events;
import dev.agentserver.agentrun.event.Reports;
import dev.agentserver.agentrun.event.RunEvent;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.db.PageSizes;
import dev.agentserver.kit.eventlog.EventLog;
import dev.agentserver.kit.identity.Revocations;
import io.grpc.BindableService;
import java.time.Clock;

/// The objects that serve those who follow.
public final class WatchWiring {
  private WatchWiring() {}

  /// RunEventService.
  public static BindableService service(
      Database database,
      Events events,
      EventLog<RunEvent> log,
      Revocations revocations,
      Clock clock,
      ServerConfig server,
      PageSizes pages) {
    var readers = new Readers(database, events);
    var snapshots = new Snapshots(database);
    var watches =
        new Watches(
            readers,
            log,
            snapshots,
            revocations,
            clock,
            server.streamHeartbeat(),
            server.streamTokenGrace());
    var polls = new Polls(database, readers, log, snapshots);
    return new RunEventRpc(new Reports(database, events), watches, polls, readers, pages);
  }
}
