package dev.agentserver.settings.definition;

import static dev.agentserver.settings.db.Tables.SETTING_DEFINITION;
import static org.jooq.impl.DSL.any;

import dev.agentserver.settings.definition.Definition.Draft;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;

/// The rows of definitions.
public final class DefinitionStore {
  private static final Field<OffsetDateTime> CLOCK =
      DSL.function("clock_timestamp", OffsetDateTime.class);

  public Optional<Definition> find(DSLContext db, UUID tenantId, String key) {
    return Optional.ofNullable(find(db, tenantId, List.of(key)).get(key));
  }

  /// Those of the keys that are defined.
  public Map<String, Definition> find(DSLContext db, UUID tenantId, Collection<String> keys) {
    return db.select(SETTING_DEFINITION.fields())
        .from(SETTING_DEFINITION)
        .where(SETTING_DEFINITION.TENANT_ID.eq(tenantId))
        .and(SETTING_DEFINITION.KEY.eq(any(keys.toArray(String[]::new))))
        .fetchMap(SETTING_DEFINITION.KEY, DefinitionStore::definition);
  }

  /// By key.
  ///
  /// @param after the key that the page before ended with; empty: from the start
  public List<Definition> list(
      DSLContext db, UUID tenantId, String prefix, String after, int limit) {
    return db.select(SETTING_DEFINITION.fields())
        .from(SETTING_DEFINITION)
        .where(SETTING_DEFINITION.TENANT_ID.eq(tenantId))
        .and(SETTING_DEFINITION.KEY.startsWith(prefix))
        .and(SETTING_DEFINITION.KEY.gt(after))
        .orderBy(SETTING_DEFINITION.KEY)
        .limit(limit)
        .fetch(DefinitionStore::definition);
  }

  public void insert(DSLContext db, UUID tenantId, Draft draft, String service, long revision) {
    db.insertInto(SETTING_DEFINITION)
        .set(SETTING_DEFINITION.TENANT_ID, tenantId)
        .set(SETTING_DEFINITION.KEY, draft.key())
        .set(SETTING_DEFINITION.TYPE, draft.type().name())
        .set(SETTING_DEFINITION.SCHEMA, draft.schema())
        .set(SETTING_DEFINITION.DEFAULT_VALUE, draft.fallback())
        .set(SETTING_DEFINITION.DESCRIPTION, draft.description())
        .set(SETTING_DEFINITION.ACTIVE, draft.active())
        .set(SETTING_DEFINITION.SENSITIVE, draft.sensitive())
        .set(SETTING_DEFINITION.PUBLIC, draft.isPublic())
        .set(SETTING_DEFINITION.SERVICE, service)
        .set(SETTING_DEFINITION.VERSION, 1L)
        .set(SETTING_DEFINITION.REVISION, revision)
        .set(SETTING_DEFINITION.CREATED_AT, CLOCK)
        .set(SETTING_DEFINITION.UPDATED_AT, CLOCK)
        .execute();
  }

  public void replace(DSLContext db, UUID tenantId, Draft draft, String service, long revision) {
    db.update(SETTING_DEFINITION)
        .set(SETTING_DEFINITION.SCHEMA, draft.schema())
        .set(SETTING_DEFINITION.DEFAULT_VALUE, draft.fallback())
        .set(SETTING_DEFINITION.DESCRIPTION, draft.description())
        .set(SETTING_DEFINITION.ACTIVE, draft.active())
        .set(SETTING_DEFINITION.PUBLIC, draft.isPublic())
        .set(SETTING_DEFINITION.SERVICE, service)
        .set(SETTING_DEFINITION.VERSION, SETTING_DEFINITION.VERSION.plus(1))
        .set(SETTING_DEFINITION.REVISION, revision)
        .set(SETTING_DEFINITION.UPDATED_AT, CLOCK)
        .where(SETTING_DEFINITION.TENANT_ID.eq(tenantId))
        .and(SETTING_DEFINITION.KEY.eq(draft.key()))
        .execute();
  }

  /// Deletes it, and its values with it.
  public void delete(DSLContext db, UUID tenantId, String key) {
    db.deleteFrom(SETTING_DEFINITION)
        .where(SETTING_DEFINITION.TENANT_ID.eq(tenantId))
        .and(SETTING_DEFINITION.KEY.eq(key))
        .execute();
  }

  private static Definition definition(Record found) {
    var table = SETTING_DEFINITION;
    return new Definition(
        new Draft(
            found.get(table.KEY),
            SettingType.valueOf(found.get(table.TYPE)),
            found.get(table.SCHEMA),
            found.get(table.DEFAULT_VALUE),
            found.get(table.DESCRIPTION),
            found.get(table.ACTIVE),
            found.get(table.SENSITIVE),
            found.get(table.PUBLIC)),
        found.get(table.SERVICE),
        found.get(table.VERSION),
        found.get(table.REVISION),
        found.get(table.CREATED_AT).toInstant(),
        found.get(table.UPDATED_AT).toInstant());
  }
}
