package dev.agentserver.settings.token;

import static dev.agentserver.settings.db.Tables.SIGNING_KEY;

import dev.agentserver.kit.identity.PublicJwk;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// The rows of signing keys.
final class SigningKeyStore {
  /// Any number that no other lock of the schema has.
  private static final long LOCK = 0x5349_474e_4b45_59L;

  /// A row.
  record Row(PublicJwk publicJwk, byte[] sealed, Instant signsFrom) {}

  /// Lets one process at a time make keys, until the transaction ends.
  void lock(DSLContext db) {
    db.select(DSL.function("pg_advisory_xact_lock", SQLDataType.CLOB, DSL.inline(LOCK))).fetch();
  }

  /// By the time they sign from.
  List<Row> all(DSLContext db) {
    return db.selectFrom(SIGNING_KEY)
        .orderBy(SIGNING_KEY.SIGNS_FROM, SIGNING_KEY.KID)
        .fetch(
            row ->
                new Row(
                    new PublicJwk(
                        row.get(SIGNING_KEY.KID),
                        row.get(SIGNING_KEY.PUBLIC_X),
                        row.get(SIGNING_KEY.PUBLIC_Y)),
                    row.get(SIGNING_KEY.PRIVATE_JWK),
                    row.get(SIGNING_KEY.SIGNS_FROM).toInstant()));
  }

  void insert(DSLContext db, Row row, Instant now) {
    db.insertInto(SIGNING_KEY)
        .set(SIGNING_KEY.KID, row.publicJwk().kid())
        .set(SIGNING_KEY.PUBLIC_X, row.publicJwk().x())
        .set(SIGNING_KEY.PUBLIC_Y, row.publicJwk().y())
        .set(SIGNING_KEY.PRIVATE_JWK, row.sealed())
        .set(SIGNING_KEY.SIGNS_FROM, row.signsFrom().atOffset(ZoneOffset.UTC))
        .set(SIGNING_KEY.CREATED_AT, now.atOffset(ZoneOffset.UTC))
        .execute();
  }

  void remove(DSLContext db, String kid) {
    db.deleteFrom(SIGNING_KEY).where(SIGNING_KEY.KID.eq(kid)).execute();
  }
}
