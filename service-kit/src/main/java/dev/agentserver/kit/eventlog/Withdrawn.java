package dev.agentserver.kit.eventlog;

import java.util.List;
import java.util.function.Consumer;

/// What waited for a key and was taken away, to be written by another transaction. Until this is
/// closed nothing else of the key is written. Items that have no outcome by then are put back, as
/// the first.
public final class Withdrawn<I, O> implements AutoCloseable {
  private final Consumer<List<Item<I, O>>> release;
  private List<Item<I, O>> unsettled;
  private boolean closed;

  Withdrawn(List<Item<I, O>> items, Consumer<List<Item<I, O>>> release) {
    this.unsettled = items;
    this.release = release;
  }

  /// In the order in which they were submitted.
  public List<I> items() {
    return unsettled.stream().map(Item::value).toList();
  }

  /// Tells those who wait; to be called after the commit.
  ///
  /// @param outcomes one for each item, in their order
  public void settle(List<Outcome<O>> outcomes) {
    var items = unsettled;
    unsettled = List.of();
    GroupWriter.settle(items, outcomes);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.accept(unsettled);
    }
  }
}
