package dev.agentserver.agentrun.event;

import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/// What workers tell of the runs that they hold.
public final class Reports {
  private static final int EVENT_BYTES = 1024 * 1024 + 256 * 1024;
  private static final int BATCH_BYTES = 4 * 1024 * 1024;

  private final Database database;
  private final Events events;
  private final LeaseStore leases = new LeaseStore();

  public Reports(Database database, Events events) {
    this.database = database;
    this.events = events;
  }

  /// Writes all of them or none, and returns the number of each.
  public List<Long> append(Caller caller, UUID runId, long leaseEpoch, List<EventRow> rows) {
    checkSizes(rows);
    return database.write(
        db -> {
          var lease =
              leases
                  .hold(db, caller, runId, leaseEpoch)
                  .orElseThrow(() -> new Problem.NotFound("run", runId.toString()).raise());
          if (!lease.current()) {
            throw new Problem.Refused(
                    "LEASE_LOST", "the lease of the run has ended", Map.of("id", runId.toString()))
                .raise();
          }
          return events.append(db, lease.origin(), rows);
        });
  }

  private static void checkSizes(List<EventRow> rows) {
    var sizes = rows.stream().mapToInt(EventRow::bytes).toArray();
    IntStream.range(0, sizes.length)
        .filter(i -> sizes[i] > EVENT_BYTES)
        .findFirst()
        .ifPresent(
            i -> {
              throw Problem.invalid("events[" + i + "]", "is larger than 1.25 MiB");
            });
    if (IntStream.of(sizes).sum() > BATCH_BYTES) {
      throw Problem.invalid("events", "are larger than 4 MiB together");
    }
  }
}
