package dev.agentserver.conversation.sidebar;

import dev.agentserver.kit.eventlog.EventTable;
import dev.agentserver.kit.eventlog.Head;
import dev.agentserver.kit.eventlog.StreamKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;

/// A table of events without any: for a log that is there for its bells.
final class NoEvents implements EventTable<Long> {
  @Override
  public long seq(Long event) {
    return event;
  }

  @Override
  public int bytes(Long event) {
    return Long.BYTES;
  }

  @Override
  public List<Long> read(DSLContext db, StreamKey stream, long after, int limit) {
    return List.of();
  }

  @Override
  public Map<StreamKey, Head> heads(DSLContext db, Collection<StreamKey> streams) {
    return Map.of();
  }
}
