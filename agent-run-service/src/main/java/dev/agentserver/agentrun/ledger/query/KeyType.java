package dev.agentserver.agentrun.ledger.query;

import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.when;

import dev.agentserver.agentrun.ledger.query.Query.Dimension;
import dev.agentserver.agentrun.ledger.rollup.Rollup;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;

/// How the keys of a dimension are grouped and ordered: by PostgreSQL's own types, which takes a
/// third of what their texts take. The order is that of the texts.
enum KeyType {
  TEXT(SQLDataType.CLOB),
  /// Nobody's is the empty text.
  ID(SQLDataType.UUID),
  DAY(SQLDataType.LOCALDATE);

  private final DataType<?> type;

  KeyType(DataType<?> type) {
    this.type = type;
  }

  static KeyType of(Dimension dimension) {
    return switch (dimension) {
      case USER, AGENT, PROJECT, SESSION, CONVERSATION -> ID;
      case DAY -> DAY;
      case PROVIDER, MODEL, TIER, HOUR -> TEXT;
    };
  }

  /// The values of a group, of their texts.
  static List<Object> values(List<Dimension> dimensions, List<String> texts) {
    if (texts.size() != dimensions.size()) {
      throw new IllegalArgumentException("not a group of " + dimensions);
    }
    return IntStream.range(0, texts.size())
        .mapToObj(place -> of(dimensions.get(place)).value(texts.get(place)))
        .toList();
  }

  private Object value(String text) {
    return switch (this) {
      case TEXT -> text;
      case ID -> text.isEmpty() ? Rollup.NOBODY : UUID.fromString(text);
      case DAY -> LocalDate.parse(text);
    };
  }

  DataType<?> type() {
    return type;
  }

  Field<String> text(Field<?> value) {
    var text = value.cast(SQLDataType.CLOB);
    return this == ID
        ? when(value.coerce(SQLDataType.UUID).eq(Rollup.NOBODY), inline("")).otherwise(text)
        : text;
  }
}
