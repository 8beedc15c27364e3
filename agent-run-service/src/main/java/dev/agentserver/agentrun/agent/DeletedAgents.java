package dev.agentserver.agentrun.agent;

import dev.agentserver.kit.db.Database;
import java.time.Duration;

/// Removes agents for good, some time after they were deleted. One that runs refer to stays as long
/// as they do: it says what they were run with.
public final class DeletedAgents {
  private static final Duration KEPT = Duration.ofDays(30);
  private static final int PAGE = 100;

  private final Database database;
  private final PurgeStore store = new PurgeStore();

  public DeletedAgents(Database database) {
    this.database = database;
  }

  /// Removes those whose time is over, and returns how many there were.
  public int purge() {
    var purged = 0;
    while (true) {
      var some = database.write(db -> store.purge(db, KEPT, PAGE));
      purged += some;
      if (some < PAGE) {
        return purged;
      }
    }
  }
}
