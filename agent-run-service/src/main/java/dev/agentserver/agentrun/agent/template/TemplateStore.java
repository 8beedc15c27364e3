package dev.agentserver.agentrun.agent.template;

import static dev.agentserver.agentrun.db.Tables.AGENT;
import static dev.agentserver.agentrun.db.Tables.AGENT_TEMPLATE;
import static dev.agentserver.agentrun.db.Tables.AGENT_TEMPLATE_REQUIREMENT;
import static dev.agentserver.agentrun.db.Tables.AGENT_TEMPLATE_STEP;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import dev.agentserver.agentrun.agent.template.Template.Attributes;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// The rows of templates.
final class TemplateStore {
  /// The sort key of a row: what a page token holds.
  record Position(String name, UUID id) {}

  /// The tenant's own, or a shared one.
  Optional<Template> find(DSLContext db, UUID tenantId, UUID id) {
    return db.select(TemplateRows.full())
        .from(AGENT_TEMPLATE)
        .where(AGENT_TEMPLATE.TEMPLATE_ID.eq(id))
        .and(visible(tenantId))
        .orderBy(AGENT_TEMPLATE.SHARED)
        .limit(1)
        .fetchOptional(TemplateRows::template);
  }

  /// The tenant's own, locked until the transaction ends.
  Optional<Template> lock(DSLContext db, UUID tenantId, UUID id) {
    var there =
        db.fetchExists(
            selectOne()
                .from(AGENT_TEMPLATE)
                .where(AGENT_TEMPLATE.TENANT_ID.eq(tenantId))
                .and(AGENT_TEMPLATE.TEMPLATE_ID.eq(id))
                .forNoKeyUpdate());
    // A statement of its own: one that locks reads the lists before it has the lock.
    return there ? find(db, tenantId, id) : Optional.empty();
  }

  /// By name.
  List<Template> list(
      DSLContext db,
      UUID tenantId,
      @Nullable String category,
      boolean inactive,
      @Nullable Position after,
      int limit) {
    return db.select(TemplateRows.basic())
        .from(AGENT_TEMPLATE)
        .where(visible(tenantId))
        .and(category == null ? noCondition() : AGENT_TEMPLATE.CATEGORY.eq(category))
        .and(inactive ? noCondition() : AGENT_TEMPLATE.ACTIVE.isTrue())
        .and(
            after == null
                ? noCondition()
                : row(AGENT_TEMPLATE.NAME, AGENT_TEMPLATE.TEMPLATE_ID)
                    .gt(row(val(after.name()), val(after.id()))))
        .orderBy(AGENT_TEMPLATE.NAME, AGENT_TEMPLATE.TEMPLATE_ID)
        .limit(limit)
        .fetch(TemplateRows::template);
  }

  void insert(DSLContext db, UUID tenantId, UUID id, Attributes attributes) {
    db.insertInto(AGENT_TEMPLATE)
        .set(AGENT_TEMPLATE.TENANT_ID, tenantId)
        .set(AGENT_TEMPLATE.TEMPLATE_ID, id)
        .set(AGENT_TEMPLATE.NAME, attributes.name())
        .set(AGENT_TEMPLATE.ROLE, attributes.role())
        .set(AGENT_TEMPLATE.PURPOSE, attributes.purpose())
        .set(AGENT_TEMPLATE.ICON, attributes.icon())
        .set(AGENT_TEMPLATE.CATEGORY, attributes.category())
        .set(AGENT_TEMPLATE.ACTIVE, attributes.active())
        .set(AGENT_TEMPLATE.SHARED, attributes.shared())
        .set(AGENT_TEMPLATE.USAGE_COUNT, 0)
        .set(AGENT_TEMPLATE.VERSION, 1L)
        .set(AGENT_TEMPLATE.CREATED_AT, clock())
        .set(AGENT_TEMPLATE.UPDATED_AT, clock())
        .execute();
    insertLists(db, tenantId, id, attributes);
  }

  void update(DSLContext db, UUID tenantId, UUID id, Attributes attributes) {
    db.update(AGENT_TEMPLATE)
        .set(AGENT_TEMPLATE.NAME, attributes.name())
        .set(AGENT_TEMPLATE.ROLE, attributes.role())
        .set(AGENT_TEMPLATE.PURPOSE, attributes.purpose())
        .set(AGENT_TEMPLATE.ICON, attributes.icon())
        .set(AGENT_TEMPLATE.CATEGORY, attributes.category())
        .set(AGENT_TEMPLATE.ACTIVE, attributes.active())
        .set(AGENT_TEMPLATE.SHARED, attributes.shared())
        .set(AGENT_TEMPLATE.VERSION, AGENT_TEMPLATE.VERSION.plus(1))
        .set(AGENT_TEMPLATE.UPDATED_AT, clock())
        .where(AGENT_TEMPLATE.TENANT_ID.eq(tenantId))
        .and(AGENT_TEMPLATE.TEMPLATE_ID.eq(id))
        .execute();
    db.deleteFrom(AGENT_TEMPLATE_REQUIREMENT)
        .where(AGENT_TEMPLATE_REQUIREMENT.TENANT_ID.eq(tenantId))
        .and(AGENT_TEMPLATE_REQUIREMENT.TEMPLATE_ID.eq(id))
        .execute();
    db.deleteFrom(AGENT_TEMPLATE_STEP)
        .where(AGENT_TEMPLATE_STEP.TENANT_ID.eq(tenantId))
        .and(AGENT_TEMPLATE_STEP.TEMPLATE_ID.eq(id))
        .execute();
    insertLists(db, tenantId, id, attributes);
  }

  /// Agents of the tenant that were made from it have none any more; those of other tenants read a
  /// shared one that is gone as none.
  void delete(DSLContext db, UUID tenantId, UUID id) {
    db.update(AGENT)
        .setNull(AGENT.TEMPLATE_ID)
        .where(AGENT.TENANT_ID.eq(tenantId))
        .and(AGENT.TEMPLATE_ID.eq(id))
        .execute();
    db.deleteFrom(AGENT_TEMPLATE)
        .where(AGENT_TEMPLATE.TENANT_ID.eq(tenantId))
        .and(AGENT_TEMPLATE.TEMPLATE_ID.eq(id))
        .execute();
  }

  void count(DSLContext db, UUID tenantId, UUID id) {
    db.update(AGENT_TEMPLATE)
        .set(AGENT_TEMPLATE.USAGE_COUNT, AGENT_TEMPLATE.USAGE_COUNT.plus(1))
        .where(AGENT_TEMPLATE.TENANT_ID.eq(tenantId))
        .and(AGENT_TEMPLATE.TEMPLATE_ID.eq(id))
        .execute();
  }

  private static void insertLists(DSLContext db, UUID tenantId, UUID id, Attributes attributes) {
    var requirement = AGENT_TEMPLATE_REQUIREMENT;
    var requirements =
        Stream.of(TemplateRows.INTEGRATION, TemplateRows.CAPABILITY)
            .flatMap(
                kind -> {
                  var names =
                      kind.equals(TemplateRows.INTEGRATION)
                          ? attributes.integrations()
                          : attributes.capabilities();
                  return IntStream.range(0, names.size())
                      .mapToObj(i -> row(tenantId, id, kind, names.get(i), i));
                })
            .toList();
    if (!requirements.isEmpty()) {
      db.insertInto(
              requirement,
              requirement.TENANT_ID,
              requirement.TEMPLATE_ID,
              requirement.KIND,
              requirement.NAME,
              requirement.POSITION)
          .valuesOfRows(requirements)
          .execute();
    }
    var step = AGENT_TEMPLATE_STEP;
    var steps = attributes.steps();
    if (!steps.isEmpty()) {
      db.insertInto(
              step,
              step.TENANT_ID,
              step.TEMPLATE_ID,
              step.POSITION,
              step.NAME,
              step.INSTRUCTIONS,
              step.CONFIG)
          .valuesOfRows(
              IntStream.range(0, steps.size())
                  .mapToObj(
                      i ->
                          row(
                              tenantId,
                              id,
                              i,
                              steps.get(i).name(),
                              steps.get(i).instructions(),
                              JSONB.valueOf(steps.get(i).config())))
                  .toList())
          .execute();
    }
  }

  private static Condition visible(UUID tenantId) {
    return AGENT_TEMPLATE.TENANT_ID.eq(tenantId).or(AGENT_TEMPLATE.SHARED.isTrue());
  }

  private static Field<OffsetDateTime> clock() {
    return DSL.function("clock_timestamp", OffsetDateTime.class);
  }
}
