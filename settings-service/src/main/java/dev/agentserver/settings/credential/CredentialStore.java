package dev.agentserver.settings.credential;

import static dev.agentserver.settings.db.Tables.CREDENTIAL;
import static org.jooq.impl.DSL.noCondition;

import dev.agentserver.settings.secret.Sealed;
import dev.agentserver.settings.secret.WrappedKey;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of credentials.
final class CredentialStore {
  /// Times are the database's, and the version begins at 1.
  void insert(
      DSLContext db,
      UUID tenantId,
      UUID id,
      Owner owner,
      String field,
      Sealed sealed,
      String lastFour,
      @Nullable Instant expiresAt) {
    db.insertInto(CREDENTIAL)
        .set(CREDENTIAL.TENANT_ID, tenantId)
        .set(CREDENTIAL.ID, id)
        .set(CREDENTIAL.PROVIDER_ID, owner instanceof Owner.Provider ? owner.id() : null)
        .set(CREDENTIAL.INTEGRATION_ID, owner instanceof Owner.Integration ? owner.id() : null)
        .set(CREDENTIAL.FIELD, field)
        .set(CREDENTIAL.KEK_ID, sealed.key().keyId())
        .set(CREDENTIAL.KEK_VERSION, sealed.key().version())
        .set(CREDENTIAL.WRAPPED_DEK, sealed.key().bytes())
        .set(CREDENTIAL.CIPHERTEXT, sealed.ciphertext())
        .set(CREDENTIAL.VALUE_VERSION, 1)
        .set(CREDENTIAL.LAST_FOUR, lastFour)
        .set(CREDENTIAL.EXPIRES_AT, time(expiresAt))
        .set(CREDENTIAL.VERSION, 1L)
        .set(CREDENTIAL.CREATED_AT, clock())
        .set(CREDENTIAL.UPDATED_AT, clock())
        .execute();
  }

  Optional<StoredCredential> find(DSLContext db, UUID tenantId, UUID id) {
    return db.selectFrom(CREDENTIAL).where(is(tenantId, id)).fetchOptional(this::credential);
  }

  /// Locked until the transaction ends.
  Optional<StoredCredential> lock(DSLContext db, UUID tenantId, UUID id) {
    return db.selectFrom(CREDENTIAL)
        .where(is(tenantId, id))
        .forUpdate()
        .fetchOptional(this::credential);
  }

  List<StoredCredential> find(DSLContext db, UUID tenantId, Collection<UUID> ids) {
    return db.selectFrom(CREDENTIAL)
        .where(CREDENTIAL.TENANT_ID.eq(tenantId))
        .and(CREDENTIAL.ID.in(ids))
        .fetch(this::credential);
  }

  /// The newest first.
  ///
  /// @param owner null: everybody's
  List<StoredCredential> list(
      DSLContext db, UUID tenantId, @Nullable Owner owner, @Nullable UUID after, int limit) {
    return db.selectFrom(CREDENTIAL)
        .where(CREDENTIAL.TENANT_ID.eq(tenantId))
        .and(of(owner))
        .and(after == null ? noCondition() : CREDENTIAL.ID.lt(after))
        .orderBy(CREDENTIAL.ID.desc())
        .limit(limit)
        .fetch(this::credential);
  }

  int count(DSLContext db, UUID tenantId, Owner owner) {
    return db.fetchCount(CREDENTIAL, CREDENTIAL.TENANT_ID.eq(tenantId).and(of(owner)));
  }

  void setExpiry(DSLContext db, StoredCredential credential, @Nullable Instant expiresAt) {
    db.update(CREDENTIAL)
        .set(CREDENTIAL.EXPIRES_AT, time(expiresAt))
        .set(CREDENTIAL.VERSION, CREDENTIAL.VERSION.plus(1))
        .set(CREDENTIAL.UPDATED_AT, clock())
        .where(is(credential.tenantId(), credential.id()))
        .execute();
  }

  /// @param sealed bound to the next value version
  void setValue(DSLContext db, StoredCredential credential, Sealed sealed, String lastFour) {
    db.update(CREDENTIAL)
        .set(CREDENTIAL.KEK_ID, sealed.key().keyId())
        .set(CREDENTIAL.KEK_VERSION, sealed.key().version())
        .set(CREDENTIAL.WRAPPED_DEK, sealed.key().bytes())
        .set(CREDENTIAL.CIPHERTEXT, sealed.ciphertext())
        .set(CREDENTIAL.VALUE_VERSION, credential.valueVersion() + 1)
        .set(CREDENTIAL.LAST_FOUR, lastFour)
        .set(CREDENTIAL.VERSION, CREDENTIAL.VERSION.plus(1))
        .set(CREDENTIAL.UPDATED_AT, clock())
        .where(is(credential.tenantId(), credential.id()))
        .execute();
  }

  void delete(DSLContext db, StoredCredential credential) {
    db.deleteFrom(CREDENTIAL).where(is(credential.tenantId(), credential.id())).execute();
  }

  private static Condition is(UUID tenantId, UUID id) {
    return CREDENTIAL.TENANT_ID.eq(tenantId).and(CREDENTIAL.ID.eq(id));
  }

  private static Condition of(@Nullable Owner owner) {
    return switch (owner) {
      case null -> noCondition();
      case Owner.Provider(var id) -> CREDENTIAL.PROVIDER_ID.eq(id);
      case Owner.Integration(var id) -> CREDENTIAL.INTEGRATION_ID.eq(id);
    };
  }

  private StoredCredential credential(Record found) {
    var provider = found.get(CREDENTIAL.PROVIDER_ID);
    var expiresAt = found.get(CREDENTIAL.EXPIRES_AT);
    return new StoredCredential(
        found.get(CREDENTIAL.TENANT_ID),
        found.get(CREDENTIAL.ID),
        provider == null
            ? new Owner.Integration(found.get(CREDENTIAL.INTEGRATION_ID))
            : new Owner.Provider(provider),
        found.get(CREDENTIAL.FIELD),
        new Sealed(
            new WrappedKey(
                found.get(CREDENTIAL.KEK_ID),
                found.get(CREDENTIAL.KEK_VERSION),
                found.get(CREDENTIAL.WRAPPED_DEK)),
            found.get(CREDENTIAL.CIPHERTEXT)),
        found.get(CREDENTIAL.VALUE_VERSION),
        found.get(CREDENTIAL.LAST_FOUR),
        expiresAt == null ? null : expiresAt.toInstant(),
        found.get(CREDENTIAL.VERSION),
        found.get(CREDENTIAL.CREATED_AT).toInstant(),
        found.get(CREDENTIAL.UPDATED_AT).toInstant());
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
