package dev.agentserver.agentrun.event.watch;

import dev.agentserver.agentrun.event.RunEvents;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.eventlog.StreamKey;
import java.util.List;

/// What sessions and runs are doing at one event, for a reader who is missing those before it.
final class Snapshots {
  private static final int RUNS = 100;

  private final Database database;
  private final RunEvents table = new RunEvents();
  private final ReaderStore store = new ReaderStore();

  Snapshots(Database database) {
    this.database = database;
  }

  /// The state at the newest event.
  Frame.Snapshot take(StreamKey stream, Readable read) {
    return database.snapshot(
        db -> {
          var head = table.heads(db, List.of(stream)).get(stream);
          return new Frame.Snapshot(
              head == null ? 0 : head.seq(),
              store.session(db, stream.tenantId(), read),
              store.runs(db, stream.tenantId(), read, RUNS));
        });
  }
}
