package dev.agentserver.agentrun.event;

import dev.agentserver.kit.db.Database;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partitions of events: made ahead of time, dropped when everything in them is too old.
///
/// A partition holds the streams that began in its month. What a stream says later is in it too, so
/// before it goes, the streams that are not too old as a whole go on in the present month's.
public final class Partitions {
  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);
  private static final int AHEAD = 2;
  private static final int BATCH = 100;

  private final Database database;
  private final Supplier<Duration> keep;
  private final PartitionStore store = new PartitionStore();

  /// @param keep how long events are kept at least
  public Partitions(Database database, Supplier<Duration> keep) {
    this.database = database;
    this.keep = keep;
  }

  /// Makes partitions ahead, and drops those whose time is over.
  public void run() {
    make();
    retire();
  }

  /// Makes partitions for the months to come.
  public void make() {
    var made = database.write(db -> store.make(db, AHEAD));
    if (made > 0) {
      LOG.info("made {} partitions of events", made);
    }
  }

  private void retire() {
    var cutoff = database.read(store::now).minus(keep.get());
    for (var month : database.read(store::months)) {
      if (!end(month).isAfter(cutoff)) {
        retire(month, cutoff);
      }
    }
  }

  private static OffsetDateTime end(LocalDate month) {
    return month.plusMonths(1).atStartOfDay().atOffset(ZoneOffset.UTC);
  }

  private void retire(LocalDate month, OffsetDateTime cutoff) {
    int carried;
    do {
      carried = database.write(db -> store.carryOver(db, month, cutoff, BATCH));
    } while (carried == BATCH);
    if (database.write(db -> store.drop(db, month))) {
      LOG.info("dropped the events of streams that began in {}", month);
    }
  }
}
