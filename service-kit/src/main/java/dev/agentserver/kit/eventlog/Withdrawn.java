package dev.agentserver.kit.eventlog;

import java.util.List;

/// What waited for a key and was taken away, to be written by another transaction. Until this is
/// closed nothing else of the key is written. Items that have no outcome by then are put back.
public interface Withdrawn<I, O> extends AutoCloseable {
  /// In the order in which they were submitted.
  List<I> items();

  /// Tells those who wait, after the commit.
  ///
  /// @param outcomes one for each item, in their order
  void settle(List<Outcome<O>> outcomes);

  @Override
  void close();
}
