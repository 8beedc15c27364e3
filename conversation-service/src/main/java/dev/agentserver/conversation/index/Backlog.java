package dev.agentserver.conversation.index;

import static java.util.stream.Collectors.groupingBy;

import dev.agentserver.conversation.index.BacklogStore.Unsearched;
import dev.agentserver.kit.db.Database;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;

/// Messages that were written before there was an index. Their words are written to it page by
/// page, beside everything else and by any number of processes, until there are none left.
public final class Backlog {
  private static final int PAGE = 200;
  private static final int PAGES = 10;

  private final Database database;
  private final BacklogStore store = new BacklogStore();
  private final IndexStore index = new IndexStore();

  public Backlog(Database database) {
    this.database = database;
  }

  /// Does some more of them.
  ///
  /// @return how many those were; zero: none is left, or others are at the rest
  public int work() {
    var done = 0;
    for (var page = 0; page < PAGES; page++) {
      var taken = page();
      done += taken;
      if (taken < PAGE) {
        return done;
      }
    }
    return done;
  }

  private int page() {
    return database.write(
        db -> {
          var taken = store.take(db, PAGE);
          if (!taken.isEmpty()) {
            taken.stream()
                .collect(groupingBy(Unsearched::tenantId))
                .forEach((tenantId, messages) -> write(db, tenantId, indexed(messages)));
            store.remove(db, taken);
          }
          return taken.size();
        });
  }

  private void write(DSLContext db, UUID tenantId, List<Indexed> messages) {
    if (!messages.isEmpty()) {
      db.execute(index.put(tenantId, BacklogStore.MESSAGES, messages));
    }
  }

  private static List<Indexed> indexed(List<Unsearched> messages) {
    return messages.stream()
        .map(message -> Indexed.of(message.messageId(), message.text()))
        .filter(Indexed::any)
        .toList();
  }
}
