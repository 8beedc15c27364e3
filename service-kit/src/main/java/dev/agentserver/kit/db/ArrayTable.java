package dev.agentserver.kit.db;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// Rows that are given to a statement as one array for each column. The statement's text is the
/// same however many rows there are, so it stays prepared, and planning it costs the same for one
/// row and for a thousand.
///
/// @param <R> what a row is made of
public final class ArrayTable<R> {
  private final String name;
  private final Collection<R> rows;
  private final List<Field<?>> columns = new ArrayList<>();
  private final List<Field<?>> arrays = new ArrayList<>();

  private ArrayTable(String name, Collection<R> rows) {
    this.name = name;
    this.rows = rows;
  }

  /// A table without columns yet.
  public static <R> ArrayTable<R> of(String name, Collection<R> rows) {
    return new ArrayTable<>(name, rows);
  }

  /// Adds a column that is named and typed like another.
  public <T> ArrayTable<R> with(Field<T> like, Function<R, @Nullable T> value) {
    return with(like.getName(), like.getDataType(), value);
  }

  /// Adds a column.
  public <T> ArrayTable<R> with(String column, DataType<T> type, Function<R, @Nullable T> value) {
    columns.add(DSL.field(DSL.name(name, column), type));
    arrays.add(DSL.val(array(type, value), type.array()));
    return this;
  }

  @SuppressWarnings("unchecked")
  private <T> T[] array(DataType<T> type, Function<R, @Nullable T> value) {
    var array = (T[]) Array.newInstance(type.getType(), rows.size());
    var i = 0;
    for (var row : rows) {
      array[i++] = value.apply(row);
    }
    return array;
  }

  /// The column that is named like this one.
  public <T> Field<T> field(Field<T> like) {
    return DSL.field(DSL.name(name, like.getName()), like.getDataType());
  }

  /// The columns, in the order in which they were added.
  public List<Field<?>> fields() {
    return List.copyOf(columns);
  }

  /// What a statement reads from.
  public Table<?> table() {
    var template = new StringBuilder("unnest(");
    for (var i = 0; i < arrays.size(); i++) {
      template.append(i == 0 ? "{" : ", {").append(i).append('}');
    }
    return DSL.table(template.append(')').toString(), arrays.toArray(Field[]::new))
        .as(name, columns.stream().map(Field::getName).toArray(String[]::new));
  }
}
