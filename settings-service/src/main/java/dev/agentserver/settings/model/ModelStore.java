package dev.agentserver.settings.model;

import static dev.agentserver.settings.db.Tables.MODEL;
import static dev.agentserver.settings.db.Tables.PROVIDER;

import dev.agentserver.settings.model.Model.Attributes;
import dev.agentserver.settings.model.Model.Draft;
import dev.agentserver.settings.model.Model.Name;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;

/// The rows of models.
final class ModelStore {
  private static final Field<OffsetDateTime> CLOCK =
      DSL.function("clock_timestamp", OffsetDateTime.class);

  List<Model> all(DSLContext db, UUID tenantId) {
    return rows(db, tenantId).fetch(ModelStore::model);
  }

  Optional<Model> find(DSLContext db, UUID tenantId, UUID id) {
    return rows(db, tenantId).and(MODEL.ID.eq(id)).fetchOptional(ModelStore::model);
  }

  int count(DSLContext db, UUID tenantId) {
    return db.fetchCount(MODEL, MODEL.TENANT_ID.eq(tenantId));
  }

  void insert(DSLContext db, UUID tenantId, UUID id, Draft draft) {
    var attributes = draft.attributes();
    db.insertInto(MODEL)
        .set(MODEL.TENANT_ID, tenantId)
        .set(MODEL.ID, id)
        .set(MODEL.PROVIDER_ID, draft.providerId())
        .set(MODEL.NAME, draft.name())
        .set(MODEL.DISPLAY_NAME, attributes.displayName())
        .set(MODEL.CONTEXT_WINDOW, attributes.contextWindow())
        .set(MODEL.MAX_OUTPUT_TOKENS, attributes.maxOutputTokens())
        .set(MODEL.CAPABILITIES, attributes.capabilities().toArray(String[]::new))
        .set(MODEL.ACTIVE, attributes.active())
        .set(MODEL.VERSION, 1L)
        .set(MODEL.CREATED_AT, CLOCK)
        .set(MODEL.UPDATED_AT, CLOCK)
        .execute();
  }

  void update(DSLContext db, UUID tenantId, UUID id, Attributes attributes) {
    db.update(MODEL)
        .set(MODEL.DISPLAY_NAME, attributes.displayName())
        .set(MODEL.CONTEXT_WINDOW, attributes.contextWindow())
        .set(MODEL.MAX_OUTPUT_TOKENS, attributes.maxOutputTokens())
        .set(MODEL.CAPABILITIES, attributes.capabilities().toArray(String[]::new))
        .set(MODEL.ACTIVE, attributes.active())
        .set(MODEL.VERSION, MODEL.VERSION.plus(1))
        .set(MODEL.UPDATED_AT, CLOCK)
        .where(MODEL.TENANT_ID.eq(tenantId))
        .and(MODEL.ID.eq(id))
        .execute();
  }

  void delete(DSLContext db, UUID tenantId, UUID id) {
    db.deleteFrom(MODEL).where(MODEL.TENANT_ID.eq(tenantId)).and(MODEL.ID.eq(id)).execute();
  }

  private static SelectConditionStep<Record> rows(DSLContext db, UUID tenantId) {
    return db.select(MODEL.fields())
        .select(PROVIDER.NAME)
        .from(MODEL)
        .join(PROVIDER)
        .on(PROVIDER.TENANT_ID.eq(MODEL.TENANT_ID))
        .and(PROVIDER.ID.eq(MODEL.PROVIDER_ID))
        .where(MODEL.TENANT_ID.eq(tenantId));
  }

  private static Model model(Record found) {
    return new Model(
        found.get(MODEL.ID),
        found.get(MODEL.PROVIDER_ID),
        new Name(found.get(PROVIDER.NAME), found.get(MODEL.NAME)),
        new Attributes(
            found.get(MODEL.DISPLAY_NAME),
            found.get(MODEL.CONTEXT_WINDOW),
            found.get(MODEL.MAX_OUTPUT_TOKENS),
            List.of(found.get(MODEL.CAPABILITIES)),
            found.get(MODEL.ACTIVE)),
        false,
        found.get(MODEL.VERSION),
        found.get(MODEL.CREATED_AT).toInstant(),
        found.get(MODEL.UPDATED_AT).toInstant());
  }
}
