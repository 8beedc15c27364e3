package dev.agentserver.kit.erasure;

import java.util.Map;
import java.util.TreeMap;
import org.jooq.Table;

/// What one transaction did to the rows of each table.
public final class Tally {
  /// @param changed rows that stay and name the erased no more
  record Count(long removed, long changed) {
    Count plus(Count other) {
      return new Count(removed + other.removed, changed + other.changed);
    }
  }

  private final Map<String, Count> counts = new TreeMap<>();

  /// Adds removed rows, and returns how many.
  public int removed(Table<?> table, int rows) {
    return add(table, rows, new Count(rows, 0));
  }

  /// Adds rows that were changed, and returns how many.
  public int changed(Table<?> table, int rows) {
    return add(table, rows, new Count(0, rows));
  }

  /// How many rows of a table were removed.
  public long removed(Table<?> table) {
    var count = counts.get(table.getName());
    return count == null ? 0 : count.removed();
  }

  private int add(Table<?> table, int rows, Count count) {
    if (rows > 0) {
      counts.merge(table.getName(), count, Count::plus);
    }
    return rows;
  }

  Map<String, Count> counts() {
    return counts;
  }
}
