package dev.agentserver.kit.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;

import dev.agentserver.kit.test.TestDatabase;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ArrayTableTest {
  private static final Field<UUID> ID = field(name("id"), UUID.class);
  private static final Field<String> TEXT = field(name("text"), SQLDataType.CLOB);
  private static final Field<Long> COUNT = field(name("count"), Long.class);
  private static final Field<OffsetDateTime> AT =
      field(name("at"), SQLDataType.TIMESTAMPWITHTIMEZONE(6));
  private static final Field<JSONB> DATA = field(name("data"), JSONB.class);

  private record Line(
      UUID id,
      @Nullable String text,
      @Nullable Long count,
      @Nullable OffsetDateTime at,
      @Nullable JSONB data) {}

  @Test
  void whatIsGivenIsReadAndNothingIsTakenForSyntax() {
    var at = OffsetDateTime.of(2026, 2, 28, 23, 59, 59, 123_456_000, ZoneOffset.UTC);
    var lines = new ArrayList<Line>();
    lines.add(new Line(UUID.randomUUID(), null, null, null, null));
    for (var text :
        List.of("", "null", "NULL", "{a,b}", "\"", "\\", "\\\"", "',", "\n\t ", "日本 👩‍👩‍👧 é")) {
      lines.add(new Line(UUID.randomUUID(), text, Long.MIN_VALUE, at, JSONB.valueOf("[\"\\\\\"]")));
    }
    assertThat(read(lines)).containsExactlyInAnyOrderElementsOf(lines);
  }

  @Test
  void noRowsAreNone() {
    assertThat(read(List.of())).isEmpty();
  }

  private static List<Line> read(List<Line> lines) {
    var given =
        ArrayTable.of("given", lines)
            .with(ID, Line::id)
            .with(TEXT, Line::text)
            .with(COUNT, Line::count)
            .with(AT, Line::at)
            .with(DATA, Line::data);
    try (var db = TestDatabase.fresh("kit")) {
      return db.database()
          .read(context -> context.select(given.fields()).from(given.table()).fetch())
          .map(
              row ->
                  new Line(
                      row.get(ID),
                      row.get(TEXT),
                      row.get(COUNT),
                      row.get(AT) == null
                          ? null
                          : row.get(AT).withOffsetSameInstant(ZoneOffset.UTC),
                      row.get(DATA)));
    }
  }
}
