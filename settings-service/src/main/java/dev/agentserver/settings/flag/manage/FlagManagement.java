package dev.agentserver.settings.flag.manage;

import dev.agentserver.kit.audit.AuditTrail;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.idempotency.Writes;
import dev.agentserver.settings.flag.eval.Snapshots;
import dev.agentserver.settings.history.History;
import dev.agentserver.settings.history.Schedules;
import dev.agentserver.settings.history.Space;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Supplier;

/// Flags and what is scheduled of them, over one book.
public record FlagManagement(Flags flags, FlagSchedules schedules) {
  public static FlagManagement of(
      Database database,
      Writes writes,
      AuditTrail audit,
      History history,
      Snapshots snapshots,
      Supplier<UUID> ids,
      Clock clock) {
    var book = new FlagBook(history, snapshots);
    var schedules = new Schedules(Space.FLAG, database);
    return new FlagManagement(
        new Flags(database, writes, audit, book),
        new FlagSchedules(schedules, writes, audit, book, ids, clock));
  }
}
