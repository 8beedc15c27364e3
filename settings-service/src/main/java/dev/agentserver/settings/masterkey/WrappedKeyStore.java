package dev.agentserver.settings.masterkey;

import static dev.agentserver.settings.db.Tables.CREDENTIAL;
import static dev.agentserver.settings.db.Tables.SCHEDULED_ITEM;
import static dev.agentserver.settings.db.Tables.SETTING_VALUE;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;

import dev.agentserver.settings.secret.WrappedKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The data keys of one table, whatever else its rows have.
final class WrappedKeyStore {
  /// Every table that keeps secrets under data keys.
  static final List<WrappedKeyStore> ALL =
      List.of(
          new WrappedKeyStore(
              CREDENTIAL, CREDENTIAL.KEK_ID, CREDENTIAL.KEK_VERSION, CREDENTIAL.WRAPPED_DEK),
          new WrappedKeyStore(
              SETTING_VALUE,
              SETTING_VALUE.KEK_ID,
              SETTING_VALUE.KEK_VERSION,
              SETTING_VALUE.WRAPPED_DEK),
          new WrappedKeyStore(
              SCHEDULED_ITEM,
              SCHEDULED_ITEM.KEK_ID,
              SCHEDULED_ITEM.KEK_VERSION,
              SCHEDULED_ITEM.WRAPPED_DEK));

  private final Table<?> table;
  private final List<Field<?>> id;
  private final Field<String> keyId;
  private final Field<Integer> version;
  private final Field<byte[]> bytes;

  /// A version of a master key.
  record Under(String keyId, int version) {}

  /// A row's primary key, and its data key.
  record Row(List<Object> id, WrappedKey key) {}

  private <R extends Record> WrappedKeyStore(
      Table<R> table,
      TableField<R, String> keyId,
      TableField<R, Integer> version,
      TableField<R, byte[]> bytes) {
    this.table = table;
    this.id = List.copyOf(table.getPrimaryKey().getFields());
    this.keyId = keyId;
    this.version = version;
    this.bytes = bytes;
  }

  /// How many data keys each version has.
  Map<Under, Integer> counts(DSLContext db) {
    return db.select(keyId, version, count())
        .from(table)
        .where(keyId.isNotNull())
        .groupBy(keyId, version)
        .fetchMap(
            found -> new Under(found.get(keyId), found.get(version)), found -> found.get(count()));
  }

  /// How many are not under this version or a newer one.
  int countOthers(DSLContext db, Under target) {
    return db.fetchCount(table, isOther(target));
  }

  /// Rows that are not under this version or a newer one, in the order of their keys.
  ///
  /// @param after the last row of the batch before
  List<Row> others(DSLContext db, Under target, @Nullable Row after, int limit) {
    var columns = new ArrayList<Field<?>>(id);
    columns.addAll(List.of(keyId, version, bytes));
    return db.select(columns)
        .from(table)
        .where(isOther(target))
        .and(after == null ? noCondition() : row(id).gt(row(values(after))))
        .orderBy(id)
        .limit(limit)
        .fetch(
            found ->
                new Row(
                    id.stream().<Object>map(found::get).toList(),
                    new WrappedKey(found.get(keyId), found.get(version), found.get(bytes))));
  }

  private Condition isOther(Under target) {
    return keyId.isNotNull().and(keyId.ne(target.keyId()).or(version.lt(target.version())));
  }

  private List<Field<?>> values(Row row) {
    return IntStream.range(0, id.size())
        .<Field<?>>mapToObj(index -> value(id.get(index), row.id().get(index)))
        .toList();
  }

  private static <T> Field<T> value(Field<T> field, Object value) {
    return DSL.val(value, field.getDataType());
  }

  /// Gives rows another form of the same data key, unless they have another data key by now.
  /// Returns how many it was.
  int replace(DSLContext db, Map<Row, WrappedKey> next) {
    var updates =
        next.entrySet().stream().map(each -> update(db, each.getKey(), each.getValue())).toList();
    return IntStream.of(db.batch(updates).execute()).sum();
  }

  private Query update(DSLContext db, Row row, WrappedKey next) {
    return db.update(table)
        .set(keyId, next.keyId())
        .set(version, next.version())
        .set(bytes, next.bytes())
        .where(row(id).eq(row(values(row))))
        .and(bytes.eq(row.key().bytes()));
  }
}
