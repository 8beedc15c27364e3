package dev.agentserver.settings.tool;

import static dev.agentserver.settings.db.Tables.TOOL;
import static dev.agentserver.settings.db.Tables.TOOL_VERSION;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.octetLength;
import static org.jooq.impl.DSL.sum;

import dev.agentserver.settings.tool.Tool.Attributes;
import dev.agentserver.settings.tool.Tool.Draft;
import dev.agentserver.settings.tool.Tool.Schemas;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Records;
import org.jooq.impl.DSL;

/// The rows of tools and of their versions.
final class ToolStore {
  private static final Field<OffsetDateTime> CLOCK =
      DSL.function("clock_timestamp", OffsetDateTime.class);

  private static final Condition NEWEST =
      TOOL_VERSION
          .TENANT_ID
          .eq(TOOL.TENANT_ID)
          .and(TOOL_VERSION.TOOL_ID.eq(TOOL.ID))
          .and(TOOL_VERSION.VERSION.eq(TOOL.SCHEMA_VERSION));

  /// What a tenant keeps.
  record Size(int tools, long bytes) {}

  List<Tool> all(DSLContext db, UUID tenantId) {
    return fetch(db, TOOL.TENANT_ID.eq(tenantId));
  }

  Optional<Tool> find(DSLContext db, UUID tenantId, UUID id) {
    return fetch(db, TOOL.TENANT_ID.eq(tenantId).and(TOOL.ID.eq(id))).stream().findFirst();
  }

  Optional<Schemas> version(DSLContext db, UUID tenantId, UUID id, int version) {
    return db.selectFrom(TOOL_VERSION)
        .where(TOOL_VERSION.TENANT_ID.eq(tenantId))
        .and(TOOL_VERSION.TOOL_ID.eq(id))
        .and(TOOL_VERSION.VERSION.eq(version))
        .fetchOptional(ToolStore::schemas);
  }

  Size size(DSLContext db, UUID tenantId) {
    var bytes =
        sum(octetLength(TOOL_VERSION.INPUT_SCHEMA).plus(octetLength(TOOL_VERSION.OUTPUT_SCHEMA)));
    return db.select(count(), bytes)
        .from(TOOL)
        .join(TOOL_VERSION)
        .on(NEWEST)
        .where(TOOL.TENANT_ID.eq(tenantId))
        .fetchSingle(
            Records.mapping(
                (tools, sum) ->
                    new Size(tools, Objects.requireNonNullElse(sum, BigDecimal.ZERO).longValue())));
  }

  void insert(DSLContext db, UUID tenantId, UUID id, Draft draft) {
    db.insertInto(TOOL)
        .set(TOOL.TENANT_ID, tenantId)
        .set(TOOL.ID, id)
        .set(TOOL.INTEGRATION_ID, draft.integrationId())
        .set(TOOL.NAME, draft.name())
        .set(TOOL.DESCRIPTION, draft.attributes().description())
        .set(TOOL.CATEGORY, draft.attributes().category())
        .set(TOOL.ACTIVE, draft.attributes().active())
        .set(TOOL.SCHEMA_VERSION, draft.schemas().version())
        .set(TOOL.VERSION, 1L)
        .set(TOOL.CREATED_AT, CLOCK)
        .set(TOOL.UPDATED_AT, CLOCK)
        .execute();
    add(db, tenantId, id, draft.schemas());
  }

  /// @param schemas of the version that there is, or of the next
  void update(DSLContext db, UUID tenantId, Tool old, Attributes attributes, Schemas schemas) {
    db.update(TOOL)
        .set(TOOL.DESCRIPTION, attributes.description())
        .set(TOOL.CATEGORY, attributes.category())
        .set(TOOL.ACTIVE, attributes.active())
        .set(TOOL.SCHEMA_VERSION, schemas.version())
        .set(TOOL.VERSION, TOOL.VERSION.plus(1))
        .set(TOOL.UPDATED_AT, CLOCK)
        .where(TOOL.TENANT_ID.eq(tenantId))
        .and(TOOL.ID.eq(old.id()))
        .execute();
    if (schemas.version() != old.schemas().version()) {
      add(db, tenantId, old.id(), schemas);
    }
  }

  void delete(DSLContext db, UUID tenantId, UUID id) {
    db.deleteFrom(TOOL).where(TOOL.TENANT_ID.eq(tenantId)).and(TOOL.ID.eq(id)).execute();
  }

  private static void add(DSLContext db, UUID tenantId, UUID id, Schemas schemas) {
    db.insertInto(TOOL_VERSION)
        .set(TOOL_VERSION.TENANT_ID, tenantId)
        .set(TOOL_VERSION.TOOL_ID, id)
        .set(TOOL_VERSION.VERSION, schemas.version())
        .set(TOOL_VERSION.INPUT_SCHEMA, schemas.input().text())
        .set(TOOL_VERSION.OUTPUT_SCHEMA, schemas.output().text())
        .set(TOOL_VERSION.CREATED_AT, CLOCK)
        .execute();
  }

  private static List<Tool> fetch(DSLContext db, Condition which) {
    return db.select(TOOL.fields())
        .select(TOOL_VERSION.fields())
        .from(TOOL)
        .join(TOOL_VERSION)
        .on(NEWEST)
        .where(which)
        .fetch(ToolStore::tool);
  }

  private static Schemas schemas(Record found) {
    return new Schemas(
        found.get(TOOL_VERSION.VERSION),
        ToolSchema.of(found.get(TOOL_VERSION.INPUT_SCHEMA)),
        ToolSchema.of(found.get(TOOL_VERSION.OUTPUT_SCHEMA)));
  }

  private static Tool tool(Record found) {
    return new Tool(
        found.get(TOOL.ID),
        found.get(TOOL.INTEGRATION_ID),
        found.get(TOOL.NAME),
        new Attributes(
            found.get(TOOL.DESCRIPTION), found.get(TOOL.CATEGORY), found.get(TOOL.ACTIVE)),
        schemas(found),
        found.get(TOOL.VERSION),
        found.get(TOOL.CREATED_AT).toInstant(),
        found.get(TOOL.UPDATED_AT).toInstant());
  }
}
