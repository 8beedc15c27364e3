package dev.agentserver.kit.eventlog;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.table;

import dev.agentserver.kit.test.TestDatabase;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Records;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/// A table of events as a service has one: a row for each stream, which numbers its events. A test
/// may have its reads fail, and counts them.
final class Lines implements EventTable<Line> {
  private static final Table<?> STREAM = table(name("stream"));
  private static final Table<?> LINE = table(name("line"));
  private static final Field<UUID> TENANT_ID = field(name("tenant_id"), UUID.class);
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<Long> LAST_SEQ = field(name("last_seq"), Long.class);
  private static final Field<Long> COMPACTED = field(name("compacted_through"), Long.class);
  private static final Field<Long> SEQ = field(name("seq"), Long.class);
  private static final Field<String> TEXT = field(name("text"), String.class);

  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicReference<@Nullable Runnable> afterHeads = new AtomicReference<>();
  private volatile @Nullable RuntimeException failure;

  static void create(TestDatabase db) {
    db.sql(
        """
        create table stream (tenant_id uuid, id uuid, last_seq bigint not null default 0,
          compacted_through bigint not null default 0, primary key (tenant_id, id));
        create table line (tenant_id uuid, id uuid, seq bigint, text text not null,
          primary key (tenant_id, id, seq));
        grant select, insert, update, delete on stream, line to kit_runtime;
        """);
  }

  /// Numbers and inserts in the transaction.
  ///
  /// @return the number
  long append(DSLContext db, StreamKey stream, String text) {
    var seq =
        db.update(STREAM)
            .set(LAST_SEQ, LAST_SEQ.plus(1))
            .where(TENANT_ID.eq(stream.tenantId()))
            .and(ID.eq(stream.id()))
            .returningResult(LAST_SEQ)
            .fetchSingle()
            .value1();
    db.insertInto(LINE)
        .columns(TENANT_ID, ID, SEQ, TEXT)
        .values(stream.tenantId(), stream.id(), seq, text)
        .execute();
    return seq;
  }

  void fail(@Nullable RuntimeException failure) {
    this.failure = failure;
  }

  /// Has something happen when heads have been read the next time and nobody knows them yet.
  void afterHeads(Runnable once) {
    afterHeads.set(once);
  }

  int reads() {
    return reads.get();
  }

  @Override
  public long seq(Line event) {
    return event.seq();
  }

  @Override
  public int bytes(Line event) {
    return event.text().length();
  }

  @Override
  public List<Line> read(DSLContext db, StreamKey stream, long after, int limit) {
    reads.incrementAndGet();
    failIfTold();
    return db.select(SEQ, TEXT)
        .from(LINE)
        .where(TENANT_ID.eq(stream.tenantId()))
        .and(ID.eq(stream.id()))
        .and(SEQ.gt(after))
        .orderBy(SEQ)
        .limit(limit)
        .fetch(Records.mapping(Line::new));
  }

  @Override
  public Map<StreamKey, Head> heads(DSLContext db, Collection<StreamKey> streams) {
    failIfTold();
    var keys = streams.stream().map(key -> row(key.tenantId(), key.id())).toList();
    var heads =
        db
            .select(TENANT_ID, ID, LAST_SEQ, COMPACTED)
            .from(STREAM)
            .where(row(TENANT_ID, ID).in(keys))
            .stream()
            .collect(
                Collectors.toMap(
                    found -> new StreamKey(found.value1(), found.value2()),
                    found -> new Head(found.value3(), found.value4())));
    var once = afterHeads.getAndSet(null);
    if (once != null) {
      once.run();
    }
    return heads;
  }

  private void failIfTold() {
    var told = failure;
    if (told != null) {
      throw told;
    }
  }
}
