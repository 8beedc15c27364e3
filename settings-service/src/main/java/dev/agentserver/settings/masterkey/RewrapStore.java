package dev.agentserver.settings.masterkey;

import static dev.agentserver.settings.db.Tables.REWRAP;

import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;

/// The rows of rewraps.
final class RewrapStore {
  private static final String RUNNING = "RUNNING";
  private static final String DONE = "DONE";

  /// Where one runs, it brings everything under this key from now on.
  void begin(DSLContext db, UUID id, String keyId) {
    db.insertInto(REWRAP)
        .set(REWRAP.ID, id)
        .set(REWRAP.KEY_ID, keyId)
        .set(REWRAP.STATE, RUNNING)
        .set(REWRAP.REWRAPPED, 0L)
        .set(REWRAP.FAILED, 0L)
        .set(REWRAP.CREATED_AT, clock())
        .set(REWRAP.UPDATED_AT, clock())
        .onConflict(REWRAP.STATE)
        .where(REWRAP.STATE.eq(DSL.inline(RUNNING)))
        .doUpdate()
        .set(REWRAP.KEY_ID, keyId)
        .execute();
  }

  Optional<Rewrap> running(DSLContext db) {
    return find(db, REWRAP.STATE.eq(RUNNING));
  }

  Optional<Rewrap> find(DSLContext db, UUID id) {
    return find(db, REWRAP.ID.eq(id));
  }

  private static Optional<Rewrap> find(DSLContext db, Condition which) {
    return db.selectFrom(REWRAP)
        .where(which)
        .fetchOptional(
            found ->
                new Rewrap(
                    found.get(REWRAP.ID),
                    found.get(REWRAP.KEY_ID),
                    found.get(REWRAP.STATE).equals(RUNNING),
                    found.get(REWRAP.REWRAPPED),
                    found.get(REWRAP.FAILED),
                    0,
                    found.get(REWRAP.CREATED_AT).toInstant(),
                    found.get(REWRAP.UPDATED_AT).toInstant()));
  }

  /// @param rewrapped since the last time
  /// @param failed in this pass
  void progress(DSLContext db, UUID id, int rewrapped, long failed) {
    db.update(REWRAP)
        .set(REWRAP.REWRAPPED, REWRAP.REWRAPPED.plus(rewrapped))
        .set(REWRAP.FAILED, failed)
        .set(REWRAP.UPDATED_AT, clock())
        .where(REWRAP.ID.eq(id))
        .execute();
  }

  void end(DSLContext db, UUID id) {
    db.update(REWRAP)
        .set(REWRAP.STATE, DONE)
        .set(REWRAP.UPDATED_AT, clock())
        .where(REWRAP.ID.eq(id))
        .execute();
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
