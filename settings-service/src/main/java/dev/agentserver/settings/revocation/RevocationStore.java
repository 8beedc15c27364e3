package dev.agentserver.settings.revocation;

import static dev.agentserver.settings.db.Tables.REVOCATION;
import static dev.agentserver.settings.db.Tables.REVOCATION_HEAD;
import static org.jooq.impl.DSL.currentOffsetDateTime;

import dev.agentserver.kit.identity.Revocation;
import dev.agentserver.kit.identity.Revocation.Kind;
import java.time.Duration;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.types.DayToSecond;

/// The rows of revocations.
final class RevocationStore {
  /// Takes the next position. The row's lock is held until the transaction ends, so positions are
  /// committed in their order.
  long allocate(DSLContext db) {
    return db.update(REVOCATION_HEAD)
        .set(REVOCATION_HEAD.LAST_POSITION, REVOCATION_HEAD.LAST_POSITION.plus(1))
        .returningResult(REVOCATION_HEAD.LAST_POSITION)
        .fetchSingle()
        .value1();
  }

  void insert(DSLContext db, long position, Kind kind, String subject) {
    db.insertInto(REVOCATION)
        .set(REVOCATION.POSITION, position)
        .set(REVOCATION.KIND, kind.name())
        .set(REVOCATION.SUBJECT, subject)
        .set(REVOCATION.REVOKED_AT, currentOffsetDateTime())
        .execute();
  }

  List<Revocation> after(DSLContext db, long position, int limit) {
    return db.selectFrom(REVOCATION)
        .where(REVOCATION.POSITION.gt(position))
        .orderBy(REVOCATION.POSITION)
        .limit(limit)
        .fetch(
            row ->
                new Revocation(
                    row.get(REVOCATION.POSITION),
                    Kind.valueOf(row.get(REVOCATION.KIND)),
                    row.get(REVOCATION.SUBJECT),
                    row.get(REVOCATION.REVOKED_AT).toInstant()));
  }

  int removeOlderThan(DSLContext db, Duration age) {
    return db.deleteFrom(REVOCATION)
        .where(REVOCATION.REVOKED_AT.lt(currentOffsetDateTime().minus(DayToSecond.valueOf(age))))
        .execute();
  }
}
