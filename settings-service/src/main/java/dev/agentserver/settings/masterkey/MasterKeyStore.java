package dev.agentserver.settings.masterkey;

import static dev.agentserver.settings.db.Tables.MASTER_KEY;
import static dev.agentserver.settings.db.Tables.MASTER_KEY_VERSION;

import dev.agentserver.kit.db.Constraints;
import dev.agentserver.settings.masterkey.WrappedKeyStore.Under;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/// What is known of master keys.
final class MasterKeyStore {
  /// Makes sure that rows may refer to a version.
  void know(DSLContext db, Under version) {
    db.insertInto(MASTER_KEY)
        .set(MASTER_KEY.KEY_ID, version.keyId())
        .set(MASTER_KEY.MINIMUM_VERSION, 1)
        .set(MASTER_KEY.CREATED_AT, clock())
        .onConflictDoNothing()
        .execute();
    db.insertInto(MASTER_KEY_VERSION)
        .set(MASTER_KEY_VERSION.KEY_ID, version.keyId())
        .set(MASTER_KEY_VERSION.VERSION, version.version())
        .set(MASTER_KEY_VERSION.CREATED_AT, clock())
        .onConflictDoNothing()
        .execute();
  }

  /// The versions of each key, the oldest first.
  Map<String, TreeMap<Integer, Instant>> versions(DSLContext db) {
    var keys = new TreeMap<String, TreeMap<Integer, Instant>>();
    db.selectFrom(MASTER_KEY_VERSION)
        .forEach(
            found ->
                keys.computeIfAbsent(found.get(MASTER_KEY_VERSION.KEY_ID), _ -> new TreeMap<>())
                    .put(
                        found.get(MASTER_KEY_VERSION.VERSION),
                        found.get(MASTER_KEY_VERSION.CREATED_AT).toInstant()));
    return keys;
  }

  /// The least version of each key that is used.
  Map<String, Integer> minimums(DSLContext db) {
    return db.select(MASTER_KEY.KEY_ID, MASTER_KEY.MINIMUM_VERSION)
        .from(MASTER_KEY)
        .fetchMap(MASTER_KEY.KEY_ID, MASTER_KEY.MINIMUM_VERSION);
  }

  void minimum(DSLContext db, String keyId, int version) {
    db.update(MASTER_KEY)
        .set(MASTER_KEY.MINIMUM_VERSION, version)
        .where(MASTER_KEY.KEY_ID.eq(keyId))
        .execute();
  }

  /// Forgets a version and all before it; false where a row refers to one of them.
  boolean forgetThrough(DSLContext db, String keyId, int version) {
    try {
      db.deleteFrom(MASTER_KEY_VERSION)
          .where(MASTER_KEY_VERSION.KEY_ID.eq(keyId))
          .and(MASTER_KEY_VERSION.VERSION.le(version))
          .execute();
      return true;
    } catch (DataAccessException refused) {
      if (Constraints.violated(refused).filter(name -> name.endsWith("_master_key_fk")).isEmpty()) {
        throw refused;
      }
      return false;
    }
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
