package dev.agentserver.settings.configuration;

import static dev.agentserver.settings.db.Tables.SCHEDULED_ITEM;
import static dev.agentserver.settings.db.Tables.SETTING_VALUE;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import dev.agentserver.settings.history.Item;
import dev.agentserver.settings.secret.StoredSecret;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/// Rows of before there were data keys.
final class OlderSecretStore {
  /// A value that is set.
  record Set(UUID tenantId, Item item, long revision, byte[] sealed) {}

  /// A value that is to be set later.
  record Planned(UUID tenantId, UUID id, int ordinal, Item item, byte[] sealed) {}

  List<Set> set(DSLContext db, @Nullable Set after, int limit) {
    var table = SETTING_VALUE;
    return db.select(table.TENANT_ID, table.KEY, table.ENVIRONMENT, table.REVISION, table.SEALED)
        .from(table)
        .where(table.SEALED.isNotNull())
        .and(table.KEK_ID.isNull())
        .and(
            after == null
                ? noCondition()
                : row(table.TENANT_ID, table.KEY, table.ENVIRONMENT)
                    .gt(
                        row(
                            val(after.tenantId()),
                            val(after.item().key()),
                            val(after.item().environment()))))
        .orderBy(table.TENANT_ID, table.KEY, table.ENVIRONMENT)
        .limit(limit)
        .fetch(
            found ->
                new Set(
                    found.value1(),
                    new Item(found.value2(), found.value3()),
                    found.value4(),
                    found.value5()));
  }

  List<Planned> planned(DSLContext db, @Nullable Planned after, int limit) {
    var table = SCHEDULED_ITEM;
    return db.select(
            table.TENANT_ID,
            table.SCHEDULED_ID,
            table.ORDINAL,
            table.ITEM_KEY,
            table.ENVIRONMENT,
            table.SEALED)
        .from(table)
        .where(table.SEALED.isNotNull())
        .and(table.KEK_ID.isNull())
        .and(
            after == null
                ? noCondition()
                : row(table.TENANT_ID, table.SCHEDULED_ID, table.ORDINAL)
                    .gt(row(val(after.tenantId()), val(after.id()), val(after.ordinal()))))
        .orderBy(table.TENANT_ID, table.SCHEDULED_ID, table.ORDINAL)
        .limit(limit)
        .fetch(
            found ->
                new Planned(
                    found.value1(),
                    found.value2(),
                    found.value3(),
                    new Item(found.value4(), found.value5()),
                    found.value6()));
  }

  /// Unless it is another value by now.
  void replace(DSLContext db, Set old, StoredSecret next) {
    var table = SETTING_VALUE;
    db.update(table)
        .set(table.SEALED, next.ciphertext())
        .set(table.KEK_ID, next.key().keyId())
        .set(table.KEK_VERSION, next.key().version())
        .set(table.WRAPPED_DEK, next.key().bytes())
        .where(table.TENANT_ID.eq(old.tenantId()))
        .and(table.KEY.eq(old.item().key()))
        .and(table.ENVIRONMENT.eq(old.item().environment()))
        .and(table.SEALED.eq(old.sealed()))
        .execute();
  }

  void replace(DSLContext db, Planned old, StoredSecret next) {
    var table = SCHEDULED_ITEM;
    db.update(table)
        .set(table.SEALED, next.ciphertext())
        .set(table.KEK_ID, next.key().keyId())
        .set(table.KEK_VERSION, next.key().version())
        .set(table.WRAPPED_DEK, next.key().bytes())
        .where(table.TENANT_ID.eq(old.tenantId()))
        .and(table.SCHEDULED_ID.eq(old.id()))
        .and(table.ORDINAL.eq(old.ordinal()))
        .and(table.SEALED.eq(old.sealed()))
        .execute();
  }
}
