package dev.agentserver.settings.integration;

import static dev.agentserver.settings.db.Tables.INTEGRATION;
import static dev.agentserver.settings.db.Tables.INTEGRATION_SETTING;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.select;

import dev.agentserver.settings.integration.Integration.Attributes;
import dev.agentserver.settings.integration.Integration.Draft;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.impl.DSL;

/// The rows of integrations and of their settings.
final class IntegrationStore {
  private static final Field<OffsetDateTime> CLOCK =
      DSL.function("clock_timestamp", OffsetDateTime.class);

  private static final Field<Map<String, String>> SETTINGS =
      multiset(
              select(INTEGRATION_SETTING.KEY, INTEGRATION_SETTING.VALUE)
                  .from(INTEGRATION_SETTING)
                  .where(INTEGRATION_SETTING.TENANT_ID.eq(INTEGRATION.TENANT_ID))
                  .and(INTEGRATION_SETTING.INTEGRATION_ID.eq(INTEGRATION.ID)))
          .convertFrom(
              found -> found.stream().collect(Collectors.toMap(Record2::value1, Record2::value2)));

  Optional<Integration> find(DSLContext db, UUID tenantId, UUID id) {
    return fetch(db, tenantId, INTEGRATION.ID.eq(id), 1).stream().findFirst();
  }

  /// Those that have one of the ids or one of the names, by name.
  List<Integration> find(
      DSLContext db, UUID tenantId, Collection<UUID> ids, Collection<String> names) {
    var which =
        INTEGRATION
            .ID
            .eq(any(ids.toArray(UUID[]::new)))
            .or(INTEGRATION.NAME.eq(any(names.toArray(String[]::new))));
    return fetch(db, tenantId, which, ids.size() + names.size());
  }

  /// By name.
  ///
  /// @param after the name that the page before ended with; empty: from the start
  List<Integration> list(DSLContext db, UUID tenantId, String after, int limit) {
    return fetch(db, tenantId, INTEGRATION.NAME.gt(after), limit);
  }

  int count(DSLContext db, UUID tenantId) {
    return db.fetchCount(INTEGRATION, INTEGRATION.TENANT_ID.eq(tenantId));
  }

  void insert(DSLContext db, UUID tenantId, UUID id, Draft draft) {
    db.insertInto(INTEGRATION)
        .set(INTEGRATION.TENANT_ID, tenantId)
        .set(INTEGRATION.ID, id)
        .set(INTEGRATION.NAME, draft.name())
        .set(INTEGRATION.DISPLAY_NAME, draft.attributes().displayName())
        .set(INTEGRATION.BASE_URL, draft.attributes().baseUrl())
        .set(INTEGRATION.ACTIVE, draft.attributes().active())
        .set(INTEGRATION.VERSION, 1L)
        .set(INTEGRATION.CREATED_AT, CLOCK)
        .set(INTEGRATION.UPDATED_AT, CLOCK)
        .execute();
    add(db, tenantId, id, draft.attributes().settings());
  }

  /// @param old as it is stored, so that settings that stay are not written again
  void update(DSLContext db, UUID tenantId, Integration old, Attributes attributes) {
    db.update(INTEGRATION)
        .set(INTEGRATION.DISPLAY_NAME, attributes.displayName())
        .set(INTEGRATION.BASE_URL, attributes.baseUrl())
        .set(INTEGRATION.ACTIVE, attributes.active())
        .set(INTEGRATION.VERSION, INTEGRATION.VERSION.plus(1))
        .set(INTEGRATION.UPDATED_AT, CLOCK)
        .where(INTEGRATION.TENANT_ID.eq(tenantId))
        .and(INTEGRATION.ID.eq(old.id()))
        .execute();
    if (!attributes.settings().equals(old.attributes().settings())) {
      db.deleteFrom(INTEGRATION_SETTING)
          .where(INTEGRATION_SETTING.TENANT_ID.eq(tenantId))
          .and(INTEGRATION_SETTING.INTEGRATION_ID.eq(old.id()))
          .execute();
      add(db, tenantId, old.id(), attributes.settings());
    }
  }

  void delete(DSLContext db, UUID tenantId, UUID id) {
    db.deleteFrom(INTEGRATION)
        .where(INTEGRATION.TENANT_ID.eq(tenantId))
        .and(INTEGRATION.ID.eq(id))
        .execute();
  }

  private static void add(DSLContext db, UUID tenantId, UUID id, Map<String, String> settings) {
    if (settings.isEmpty()) {
      return;
    }
    var table = INTEGRATION_SETTING;
    db.insertInto(table, table.TENANT_ID, table.INTEGRATION_ID, table.KEY, table.VALUE)
        .valuesOfRows(
            settings.entrySet().stream()
                .map(each -> row(tenantId, id, each.getKey(), each.getValue()))
                .toList())
        .execute();
  }

  private static List<Integration> fetch(DSLContext db, UUID tenantId, Condition which, int limit) {
    return db.select(INTEGRATION.fields())
        .select(SETTINGS)
        .from(INTEGRATION)
        .where(INTEGRATION.TENANT_ID.eq(tenantId))
        .and(which)
        .orderBy(INTEGRATION.NAME)
        .limit(limit)
        .fetch(IntegrationStore::integration);
  }

  private static Integration integration(Record found) {
    return new Integration(
        found.get(INTEGRATION.ID),
        found.get(INTEGRATION.NAME),
        new Attributes(
            found.get(INTEGRATION.DISPLAY_NAME),
            found.get(INTEGRATION.BASE_URL),
            found.get(SETTINGS),
            found.get(INTEGRATION.ACTIVE)),
        found.get(INTEGRATION.VERSION),
        found.get(INTEGRATION.CREATED_AT).toInstant(),
        found.get(INTEGRATION.UPDATED_AT).toInstant());
  }
}
