package dev.agentserver.settings.key;

import static dev.agentserver.settings.db.Tables.REVOCATION_HEAD;
import static dev.agentserver.settings.db.Tables.SERVICE_PRINCIPAL;
import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.select;

import dev.agentserver.settings.key.ServicePrincipals.Found;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Records;

/// The rows of service principals.
final class ServicePrincipalStore {
  Optional<Found> find(DSLContext db, String keyId) {
    return db.select(
            SERVICE_PRINCIPAL.SERVICE_ID,
            SERVICE_PRINCIPAL.SECRET_HASH,
            field(select(REVOCATION_HEAD.LAST_POSITION).from(REVOCATION_HEAD)))
        .from(SERVICE_PRINCIPAL)
        .where(SERVICE_PRINCIPAL.KEY_ID.eq(keyId))
        .and(SERVICE_PRINCIPAL.REVOKED_AT.isNull())
        .fetchOptional(Records.mapping(Found::new));
  }

  void insert(DSLContext db, UUID id, String name, String keyId, byte[] hash) {
    db.insertInto(SERVICE_PRINCIPAL)
        .set(SERVICE_PRINCIPAL.SERVICE_ID, id)
        .set(SERVICE_PRINCIPAL.NAME, name)
        .set(SERVICE_PRINCIPAL.KEY_ID, keyId)
        .set(SERVICE_PRINCIPAL.SECRET_HASH, hash)
        .set(SERVICE_PRINCIPAL.CREATED_AT, currentOffsetDateTime())
        .onConflict(SERVICE_PRINCIPAL.KEY_ID)
        .doUpdate()
        .set(SERVICE_PRINCIPAL.SECRET_HASH, hash)
        .execute();
  }
}
