package dev.agentserver.settings.configuration;

import static dev.agentserver.settings.db.Tables.SETTING_DEFINITION;
import static dev.agentserver.settings.db.Tables.SETTING_VALUE;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.octetLength;
import static org.jooq.impl.DSL.val;

import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.secret.StoredSecret;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;

/// The rows of values.
final class ValueStore {
  Map<Item, Value> all(DSLContext db, UUID tenantId) {
    return fetch(db, SETTING_VALUE.TENANT_ID.eq(tenantId));
  }

  /// Every value of these keys, in all environments.
  Map<Item, Value> of(DSLContext db, UUID tenantId, Collection<String> keys) {
    return fetch(
        db,
        SETTING_VALUE
            .TENANT_ID
            .eq(tenantId)
            .and(SETTING_VALUE.KEY.eq(any(keys.toArray(String[]::new)))));
  }

  void put(DSLContext db, UUID tenantId, Item item, Value value) {
    var clock = DSL.function("clock_timestamp", OffsetDateTime.class);
    var sealed = value.sealed() == null ? null : value.sealed().ciphertext();
    var key = value.sealed() == null ? null : value.sealed().key();
    db.insertInto(SETTING_VALUE)
        .set(SETTING_VALUE.TENANT_ID, tenantId)
        .set(SETTING_VALUE.KEY, item.key())
        .set(SETTING_VALUE.ENVIRONMENT, item.environment())
        .set(SETTING_VALUE.VALUE, value.text())
        .set(SETTING_VALUE.SEALED, sealed)
        .set(SETTING_VALUE.KEK_ID, key == null ? null : key.keyId())
        .set(SETTING_VALUE.KEK_VERSION, key == null ? null : key.version())
        .set(SETTING_VALUE.WRAPPED_DEK, key == null ? null : key.bytes())
        .set(SETTING_VALUE.FINGERPRINT, value.fingerprint())
        .set(SETTING_VALUE.REVISION, value.revision())
        .set(SETTING_VALUE.UPDATED_AT, clock)
        .onConflict(SETTING_VALUE.TENANT_ID, SETTING_VALUE.KEY, SETTING_VALUE.ENVIRONMENT)
        .doUpdate()
        .set(SETTING_VALUE.VALUE, value.text())
        .set(SETTING_VALUE.SEALED, sealed)
        .set(SETTING_VALUE.KEK_ID, key == null ? null : key.keyId())
        .set(SETTING_VALUE.KEK_VERSION, key == null ? null : key.version())
        .set(SETTING_VALUE.WRAPPED_DEK, key == null ? null : key.bytes())
        .set(SETTING_VALUE.FINGERPRINT, value.fingerprint())
        .set(SETTING_VALUE.REVISION, value.revision())
        .set(SETTING_VALUE.UPDATED_AT, clock)
        .execute();
  }

  void remove(DSLContext db, UUID tenantId, Item item) {
    db.deleteFrom(SETTING_VALUE)
        .where(SETTING_VALUE.TENANT_ID.eq(tenantId))
        .and(SETTING_VALUE.KEY.eq(item.key()))
        .and(SETTING_VALUE.ENVIRONMENT.eq(item.environment()))
        .execute();
  }

  /// How much a tenant's definitions and values are together.
  long bytes(DSLContext db, UUID tenantId) {
    var definition = SETTING_DEFINITION;
    return sum(
            db,
            definition,
            octetLength(definition.KEY)
                .plus(octetLength(definition.SCHEMA))
                .plus(octetLength(coalesce(definition.DEFAULT_VALUE, val(""))))
                .plus(octetLength(definition.DESCRIPTION)),
            definition.TENANT_ID.eq(tenantId))
        + sum(
            db,
            SETTING_VALUE,
            octetLength(SETTING_VALUE.KEY)
                .plus(octetLength(coalesce(SETTING_VALUE.VALUE, val("")))),
            SETTING_VALUE.TENANT_ID.eq(tenantId));
  }

  private static long sum(DSLContext db, Table<?> table, Field<Integer> bytes, Condition of) {
    var sum = db.select(DSL.sum(bytes)).from(table).where(of).fetchSingle().value1();
    return sum == null ? 0 : sum.longValue();
  }

  private static Map<Item, Value> fetch(DSLContext db, Condition condition) {
    return db.select(SETTING_VALUE.fields())
        .from(SETTING_VALUE)
        .where(condition)
        .fetchMap(
            found -> new Item(found.get(SETTING_VALUE.KEY), found.get(SETTING_VALUE.ENVIRONMENT)),
            ValueStore::value);
  }

  private static Value value(Record found) {
    return new Value(
        found.get(SETTING_VALUE.VALUE),
        StoredSecret.of(
            found.get(SETTING_VALUE.SEALED),
            found.get(SETTING_VALUE.KEK_ID),
            found.get(SETTING_VALUE.KEK_VERSION),
            found.get(SETTING_VALUE.WRAPPED_DEK)),
        found.get(SETTING_VALUE.FINGERPRINT),
        found.get(SETTING_VALUE.REVISION));
  }
}
