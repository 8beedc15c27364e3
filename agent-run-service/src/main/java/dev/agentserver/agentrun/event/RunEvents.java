package dev.agentserver.agentrun.event;

import dev.agentserver.kit.eventlog.EventTable;
import dev.agentserver.kit.eventlog.Head;
import dev.agentserver.kit.eventlog.StreamKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;

/// The events of streams, as the event log reads them.
public final class RunEvents implements EventTable<RunEvent> {
  /// About how much a page holds, at least one event apart.
  public static final int PAGE_BYTES = EventStore.PAGE_BYTES;

  private static final int OVERHEAD = 400;
  private static final Filter ALL = new Filter(null, null);

  private final EventStore events = new EventStore();
  private final StreamStore streams = new StreamStore();

  @Override
  public long seq(RunEvent event) {
    return event.seq();
  }

  @Override
  public int bytes(RunEvent event) {
    return OVERHEAD + 2 * event.bytes();
  }

  @Override
  public List<RunEvent> read(DSLContext db, StreamKey stream, long after, int limit) {
    return events.page(db, stream, ALL, after, limit);
  }

  @Override
  public Map<StreamKey, Head> heads(DSLContext db, Collection<StreamKey> streams) {
    return this.streams.heads(db, streams);
  }

  /// The same as [#read] for a reader who does not get everything.
  public List<RunEvent> read(
      DSLContext db, StreamKey stream, Filter filter, long after, int limit) {
    return events.page(db, stream, filter, after, limit);
  }
}
