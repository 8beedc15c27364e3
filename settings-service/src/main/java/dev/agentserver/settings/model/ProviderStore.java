package dev.agentserver.settings.model;

import static dev.agentserver.settings.db.Tables.PROVIDER;

import dev.agentserver.settings.model.Provider.Attributes;
import dev.agentserver.settings.model.Provider.Draft;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;

/// The rows of providers.
final class ProviderStore {
  private static final Field<OffsetDateTime> CLOCK =
      DSL.function("clock_timestamp", OffsetDateTime.class);

  List<Provider> all(DSLContext db, UUID tenantId) {
    return db.selectFrom(PROVIDER)
        .where(PROVIDER.TENANT_ID.eq(tenantId))
        .fetch(ProviderStore::provider);
  }

  Optional<Provider> find(DSLContext db, UUID tenantId, UUID id) {
    return db.selectFrom(PROVIDER)
        .where(PROVIDER.TENANT_ID.eq(tenantId))
        .and(PROVIDER.ID.eq(id))
        .fetchOptional(ProviderStore::provider);
  }

  int count(DSLContext db, UUID tenantId) {
    return db.fetchCount(PROVIDER, PROVIDER.TENANT_ID.eq(tenantId));
  }

  Provider insert(DSLContext db, UUID tenantId, UUID id, Draft draft) {
    return db.insertInto(PROVIDER)
        .set(PROVIDER.TENANT_ID, tenantId)
        .set(PROVIDER.ID, id)
        .set(PROVIDER.NAME, draft.name())
        .set(PROVIDER.DISPLAY_NAME, draft.attributes().displayName())
        .set(PROVIDER.BASE_URL, draft.attributes().baseUrl())
        .set(PROVIDER.ACTIVE, draft.attributes().active())
        .set(PROVIDER.VERSION, 1L)
        .set(PROVIDER.CREATED_AT, CLOCK)
        .set(PROVIDER.UPDATED_AT, CLOCK)
        .returning()
        .fetchSingle(ProviderStore::provider);
  }

  Provider update(DSLContext db, UUID tenantId, UUID id, Attributes attributes) {
    return db.update(PROVIDER)
        .set(PROVIDER.DISPLAY_NAME, attributes.displayName())
        .set(PROVIDER.BASE_URL, attributes.baseUrl())
        .set(PROVIDER.ACTIVE, attributes.active())
        .set(PROVIDER.VERSION, PROVIDER.VERSION.plus(1))
        .set(PROVIDER.UPDATED_AT, CLOCK)
        .where(PROVIDER.TENANT_ID.eq(tenantId))
        .and(PROVIDER.ID.eq(id))
        .returning()
        .fetchSingle(ProviderStore::provider);
  }

  void delete(DSLContext db, UUID tenantId, UUID id) {
    db.deleteFrom(PROVIDER)
        .where(PROVIDER.TENANT_ID.eq(tenantId))
        .and(PROVIDER.ID.eq(id))
        .execute();
  }

  private static Provider provider(Record found) {
    return new Provider(
        found.get(PROVIDER.ID),
        found.get(PROVIDER.NAME),
        new Attributes(
            found.get(PROVIDER.DISPLAY_NAME),
            found.get(PROVIDER.BASE_URL),
            found.get(PROVIDER.ACTIVE)),
        false,
        found.get(PROVIDER.VERSION),
        found.get(PROVIDER.CREATED_AT).toInstant(),
        found.get(PROVIDER.UPDATED_AT).toInstant());
  }
}
