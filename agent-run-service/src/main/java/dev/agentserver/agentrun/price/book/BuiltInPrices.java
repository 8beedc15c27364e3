package dev.agentserver.agentrun.price.book;

import dev.agentserver.agentrun.price.PriceVersion;
import dev.agentserver.agentrun.price.imports.BuiltInBook;
import dev.agentserver.kit.db.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Brings the stored prices in line with those that come with the suite. What somebody has written
/// or imported stays, and comes before them.
public final class BuiltInPrices {
  private final Database database;
  private final PriceStore store = new PriceStore();

  BuiltInPrices(Database database) {
    this.database = database;
  }

  /// Does nothing where nothing is new. Safe to run in several processes at once.
  public void load() {
    var wanted =
        BuiltInBook.versions().stream()
            .collect(
                Collectors.toMap(
                    PriceVersion::id, Function.identity(), (some, _) -> some, TreeMap::new));
    // In the order of their ids, so that processes that start together wait and never deadlock.
    database.write(db -> align(db, wanted));
  }

  private int align(DSLContext db, Map<UUID, PriceVersion> wanted) {
    var there =
        store.builtIn(db).stream()
            .collect(Collectors.toMap(each -> each.version().id(), Function.identity()));
    var gone =
        there.values().stream()
            .filter(each -> each.withdrawnAt() == null)
            .map(each -> each.version().id())
            .filter(id -> !wanted.containsKey(id))
            .toList();
    store.withdraw(db, PriceStore.EVERYBODY, gone);
    List<PriceVersion> added = new ArrayList<>();
    for (var version : wanted.values()) {
      var old = there.get(version.id());
      if (old == null) {
        added.add(version);
      } else if (old.withdrawnAt() == null && endsBefore(version.until(), old.version().until())) {
        store.move(
            db, PriceStore.EVERYBODY, old.version().during(old.version().from(), version.until()));
      }
    }
    store.insert(db, PriceStore.EVERYBODY, added, true);
    return added.size();
  }

  private static boolean endsBefore(@Nullable Instant some, @Nullable Instant other) {
    return some != null && (other == null || some.isBefore(other));
  }
}
