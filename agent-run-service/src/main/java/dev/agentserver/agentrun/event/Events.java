package dev.agentserver.agentrun.event;

import dev.agentserver.agentrun.event.EventStore.Numbered;
import dev.agentserver.agentrun.event.StreamStore.Allocated;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.eventlog.StreamKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;

/// Where events are written, in the transaction of what they tell of.
public final class Events {
  /// Tells whoever follows a stream, once the transaction is committed, that there is something up
  /// to this event.
  @FunctionalInterface
  public interface Bell {
    void ring(DSLContext db, StreamKey stream, long seq);
  }

  private final StreamStore streams = new StreamStore();
  private final EventStore store = new EventStore();
  private final Ids ids;
  private final Bell bell;

  public Events(Ids ids, Bell bell) {
    this.ids = ids;
    this.bell = bell;
  }

  /// Writes events, and returns the number of each. One that is written already keeps its number.
  /// The stream is locked until the transaction ends: whoever holds a run or a session locks that
  /// first.
  public List<Long> append(DSLContext db, Origin origin, List<EventRow> events) {
    var fresh = new LinkedHashMap<UUID, EventRow>();
    events.forEach(event -> fresh.putIfAbsent(event.id(), event));
    var stream = allocate(db, origin, fresh.size());
    var numbers = store.written(db, origin.tenantId(), stream, fresh.values());
    numbers.keySet().forEach(fresh::remove);
    if (!numbers.isEmpty()) {
      streams.release(db, origin.tenantId(), stream.streamId(), numbers.size());
    }
    if (!fresh.isEmpty()) {
      insert(db, origin, stream, stream.lastSeq() - numbers.size(), List.copyOf(fresh.values()))
          .forEach(one -> numbers.put(one.row().id(), one.seq()));
    }
    return events.stream().map(event -> numbers.get(event.id())).toList();
  }

  private List<Numbered> insert(
      DSLContext db, Origin origin, Allocated stream, long last, List<EventRow> rows) {
    var numbered = new ArrayList<Numbered>();
    for (var row : rows) {
      numbered.add(new Numbered(last - rows.size() + numbered.size() + 1, row));
    }
    store.insert(db, origin, stream, numbered);
    bell.ring(db, new StreamKey(origin.tenantId(), stream.streamId()), last);
    return numbered;
  }

  private Allocated allocate(DSLContext db, Origin origin, int count) {
    return streams
        .allocate(db, origin.tenantId(), origin.subject(), count)
        .orElseGet(
            () -> {
              streams.begin(db, origin.tenantId(), origin.subject(), ids.next());
              return streams.allocate(db, origin.tenantId(), origin.subject(), count).orElseThrow();
            });
  }

  /// The stream of a subject; empty when it has not begun.
  public Optional<StreamKey> find(DSLContext db, UUID tenantId, Subject subject) {
    return streams.find(db, tenantId, subject).map(id -> new StreamKey(tenantId, id));
  }

  /// Begins the stream of a subject unless it has begun.
  public StreamKey begin(DSLContext db, UUID tenantId, Subject subject) {
    streams.begin(db, tenantId, subject, ids.next());
    return find(db, tenantId, subject).orElseThrow();
  }
}
