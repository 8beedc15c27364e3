package dev.agentserver.conversation.export;

import dev.agentserver.conversation.export.ExportStore.Placed;
import dev.agentserver.conversation.export.ExportStore.Wanted;
import dev.agentserver.conversation.message.Message;
import dev.agentserver.conversation.message.MessageStore;
import dev.agentserver.conversation.message.Streamed;
import dev.agentserver.kit.db.Database;
import dev.agentserver.kit.identity.Caller;
import java.util.List;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// All branches, one after the other. Each is opened after the messages that it hangs on were
/// written, so parents and older siblings come first.
final class TreePages implements Pages {
  private static final int PAGE = 500;
  private static final int PAGE_BYTES = 2 * 1024 * 1024;

  private final Database database;
  private final Caller caller;
  private final Wanted wanted;
  private final ExportStore store = new ExportStore();
  private final MessageStore messages = new MessageStore();
  private final Streamed streamed = new Streamed();
  private @Nullable Placed last;

  TreePages(Database database, Caller caller, Wanted wanted) {
    this.database = database;
    this.caller = caller;
    this.wanted = wanted;
  }

  @Override
  public List<Exported> next() {
    return database.snapshot(
        db -> {
          var found = store.places(db, caller, wanted, last, PAGE);
          var places = found.subList(0, fitting(found));
          last = places.isEmpty() ? last : places.getLast();
          return read(db, places);
        });
  }

  private List<Exported> read(DSLContext db, List<Placed> places) {
    var tenant = caller.tenantId();
    var ids = places.stream().map(Placed::id).toList();
    var read =
        messages.byIds(db, tenant, ids).stream()
            .map(message -> streamed.soFar(db, tenant, message, Long.MAX_VALUE))
            .collect(Collectors.toMap(Message::id, message -> message));
    return places.stream()
        .map(place -> new Exported(read.get(place.id()), place.parent()))
        .toList();
  }

  /// How many of them a page takes: one at least, where there is one.
  private static int fitting(List<Placed> places) {
    var bytes = 0L;
    for (var i = 0; i < places.size(); i++) {
      bytes += places.get(i).sizeBytes();
      if (bytes > PAGE_BYTES && i > 0) {
        return i;
      }
    }
    return places.size();
  }
}
