package dev.agentserver.kit.eventlog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;

/// A service's table of events. `E` is the service's own event.
///
/// The service numbers the events of a stream from 1 without gaps, by updating the stream's row in
/// the transaction of the effect: the row lock makes the order of commits the order of numbers, so
/// who has read `n` has seen everything up to `n`.
public interface EventTable<E> {
  long seq(E event);

  /// About how much memory an event takes.
  int bytes(E event);

  /// Reads the events after `after` in their order, at most `limit` of them and about 2 MiB, but at
  /// least one if there is one.
  List<E> read(DSLContext db, StreamKey stream, long after, int limit);

  /// Asks for the heads of many streams in one statement. A stream that does not exist is absent.
  Map<StreamKey, Head> heads(DSLContext db, Collection<StreamKey> streams);
}
