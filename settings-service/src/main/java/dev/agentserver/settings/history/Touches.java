package dev.agentserver.settings.history;

import dev.agentserver.kit.eventlog.EventTable;
import dev.agentserver.kit.eventlog.Head;
import dev.agentserver.kit.eventlog.StreamKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/// The revisions of tenants, as the event log reads them.
public final class Touches implements EventTable<Touched> {
  private static final int OVERHEAD = 100;

  private final HistoryStore store = new HistoryStore();

  @Override
  public long seq(Touched event) {
    return event.revision();
  }

  @Override
  public int bytes(Touched event) {
    return OVERHEAD + event.keys().stream().mapToInt(key -> 2 * key.length()).sum();
  }

  @Override
  public List<Touched> read(DSLContext db, StreamKey stream, long after, int limit) {
    return store.touched(db, Space.of(stream), stream.tenantId(), after, limit);
  }

  /// A tenant without a revision is at 0.
  @Override
  public Map<StreamKey, Head> heads(DSLContext db, Collection<StreamKey> streams) {
    var heads = new HashMap<StreamKey, Head>();
    var bySpace =
        streams.stream()
            .collect(
                Collectors.groupingBy(
                    Space::of, Collectors.mapping(StreamKey::tenantId, Collectors.toSet())));
    bySpace.forEach(
        (space, tenants) -> {
          var known = store.heads(db, space, tenants.toArray(UUID[]::new));
          tenants.forEach(
              tenant ->
                  heads.put(space.stream(tenant), new Head(known.getOrDefault(tenant, 0L), 0)));
        });
    return heads;
  }
}
