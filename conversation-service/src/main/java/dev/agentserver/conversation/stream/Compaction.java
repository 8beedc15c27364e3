package dev.agentserver.conversation.stream;

import dev.agentserver.conversation.stream.CompactionStore.Ended;
import dev.agentserver.kit.db.Database;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Removes the pieces of messages that ended some time ago: their text is in their rows. Who comes
/// back to events that are gone gets a snapshot.
final class Compaction {
  private static final int BATCH = 100;

  private final Database database;
  private final Supplier<Duration> keep;
  private final CompactionStore store = new CompactionStore();

  /// @param keep how long pieces can be had after the end of their message
  Compaction(Database database, Supplier<Duration> keep) {
    this.database = database;
    this.keep = keep;
  }

  /// Removes what is due, message by message, and returns how many messages that were.
  int run() {
    var keep = this.keep.get();
    var compacted = 0;
    List<Ended> due;
    do {
      due = database.read(db -> store.due(db, keep, BATCH));
      for (var ended : due) {
        database.write(
            db -> {
              store.compact(db, ended, keep);
              return true;
            });
        compacted++;
      }
    } while (due.size() == BATCH);
    return compacted;
  }
}
