package dev.agentserver.agentrun.export;

import dev.agentserver.agentrun.export.Used.Event;
import dev.agentserver.agentrun.ledger.query.Query;
import dev.agentserver.agentrun.ledger.query.UsageQueries;
import dev.agentserver.agentrun.run.Standing;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/// Writes usage as files, a page of the ledger at a time: neither memory nor a transaction grows
/// with the file. A page is of one moment, so an event is in it as a whole.
public final class Exports {
  private static final int PAGE = 500;
  private static final int PIECE = 256 * 1024;

  private final Database database;
  private final Standing standing;
  private final ExportStore store = new ExportStore();

  Exports(Database database, Standing standing) {
    this.database = database;
    this.standing = standing;
  }

  /// Hands a file out in pieces, one at least. Fails in between when the caller may not go on.
  void write(Caller caller, Query asked, Format format, Consumer<String> sink) {
    var query = UsageQueries.seen(caller, asked);
    var piece = new StringBuilder();
    format.head(piece);
    Event last = null;
    while (true) {
      standing.require(caller);
      var after = last;
      var page =
          database.snapshot(
              db -> {
                var events = store.events(db, caller.tenantId(), query, after, PAGE);
                var model = query.filter().model();
                return format.isOfLines()
                    ? of(events, Map.of(), store.charges(db, caller.tenantId(), events, model))
                    : of(events, store.sums(db, caller.tenantId(), events, model), Map.of());
              });
      for (var used : page) {
        format.rows(used, query.zone(), piece);
        if (piece.length() >= PIECE) {
          sink.accept(piece.toString());
          piece.setLength(0);
        }
      }
      if (page.size() < PAGE) {
        sink.accept(piece.toString());
        return;
      }
      last = page.getLast().event();
    }
  }

  private static List<Used> of(
      List<Event> events,
      Map<UUID, List<Used.ModelSum>> sums,
      Map<UUID, List<Used.Charge>> charges) {
    return events.stream()
        .map(
            event ->
                new Used(
                    event,
                    sums.getOrDefault(event.id(), List.of()),
                    charges.getOrDefault(event.id(), List.of())))
        .toList();
  }
}
