package dev.agentserver.agentrun.agent.template;

import static dev.agentserver.agentrun.db.Tables.AGENT;
import static dev.agentserver.agentrun.db.Tables.AGENT_TEMPLATE;
import static dev.agentserver.agentrun.db.Tables.AGENT_TEMPLATE_REQUIREMENT;
import static dev.agentserver.agentrun.db.Tables.AGENT_TEMPLATE_STEP;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.SQLDataType.CLOB;

import dev.agentserver.agentrun.agent.AgentConfig.AgentStep;
import dev.agentserver.agentrun.agent.template.Template.Attributes;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jspecify.annotations.Nullable;

/// Templates as the queries read them.
public final class TemplateRows {
  static final String INTEGRATION = "INTEGRATION";
  static final String CAPABILITY = "CAPABILITY";

  private static final List<Field<?>> COLUMNS =
      List.of(
          AGENT_TEMPLATE.TENANT_ID,
          AGENT_TEMPLATE.TEMPLATE_ID,
          AGENT_TEMPLATE.NAME,
          AGENT_TEMPLATE.ROLE,
          AGENT_TEMPLATE.PURPOSE,
          AGENT_TEMPLATE.ICON,
          AGENT_TEMPLATE.CATEGORY,
          AGENT_TEMPLATE.ACTIVE,
          AGENT_TEMPLATE.SHARED,
          AGENT_TEMPLATE.USAGE_COUNT,
          AGENT_TEMPLATE.VERSION,
          AGENT_TEMPLATE.CREATED_AT,
          AGENT_TEMPLATE.UPDATED_AT);

  private static final Field<List<String>> INTEGRATIONS = requirements(INTEGRATION);
  private static final Field<List<String>> CAPABILITIES = requirements(CAPABILITY);

  private static final Field<List<AgentStep>> STEPS =
      multiset(
              select(
                      AGENT_TEMPLATE_STEP.NAME,
                      AGENT_TEMPLATE_STEP.INSTRUCTIONS,
                      AGENT_TEMPLATE_STEP.CONFIG.cast(CLOB))
                  .from(AGENT_TEMPLATE_STEP)
                  .where(AGENT_TEMPLATE_STEP.TENANT_ID.eq(AGENT_TEMPLATE.TENANT_ID))
                  .and(AGENT_TEMPLATE_STEP.TEMPLATE_ID.eq(AGENT_TEMPLATE.TEMPLATE_ID))
                  .orderBy(AGENT_TEMPLATE_STEP.POSITION))
          .as("template_steps")
          .convertFrom(
              rows -> rows.map(row -> new AgentStep(row.value1(), row.value2(), row.value3())));

  /// Of an agent: its template, without what it requires and without its steps. The tenant's own
  /// goes before a shared one.
  public static final Field<List<Template>> SUMMARY =
      multiset(
              select(COLUMNS)
                  .from(AGENT_TEMPLATE)
                  .where(AGENT_TEMPLATE.TEMPLATE_ID.eq(AGENT.TEMPLATE_ID))
                  .and(AGENT_TEMPLATE.TENANT_ID.eq(AGENT.TENANT_ID).or(AGENT_TEMPLATE.SHARED))
                  .orderBy(AGENT_TEMPLATE.SHARED)
                  .limit(1))
          .as("template")
          .convertFrom(rows -> rows.map(TemplateRows::template));

  private TemplateRows() {}

  /// Without steps.
  static List<Field<?>> basic() {
    var all = new ArrayList<>(COLUMNS);
    all.addAll(List.of(INTEGRATIONS, CAPABILITIES));
    return all;
  }

  static List<Field<?>> full() {
    var all = new ArrayList<>(basic());
    all.add(STEPS);
    return all;
  }

  /// The template of an agent that was read with [#SUMMARY]; null: none.
  public static @Nullable Template summary(Record row) {
    var found = row.get(SUMMARY);
    return found.isEmpty() ? null : found.getFirst();
  }

  static Template template(Record row) {
    return new Template(
        row.get(AGENT_TEMPLATE.TENANT_ID),
        row.get(AGENT_TEMPLATE.TEMPLATE_ID),
        new Attributes(
            row.get(AGENT_TEMPLATE.NAME),
            row.get(AGENT_TEMPLATE.ROLE),
            row.get(AGENT_TEMPLATE.PURPOSE),
            row.get(AGENT_TEMPLATE.ICON),
            row.get(AGENT_TEMPLATE.CATEGORY),
            row.get(AGENT_TEMPLATE.ACTIVE),
            row.get(AGENT_TEMPLATE.SHARED),
            row.field(INTEGRATIONS) == null ? List.of() : row.get(INTEGRATIONS),
            row.field(CAPABILITIES) == null ? List.of() : row.get(CAPABILITIES),
            row.field(STEPS) == null ? List.of() : row.get(STEPS)),
        row.get(AGENT_TEMPLATE.USAGE_COUNT),
        row.get(AGENT_TEMPLATE.VERSION),
        row.get(AGENT_TEMPLATE.CREATED_AT).toInstant(),
        row.get(AGENT_TEMPLATE.UPDATED_AT).toInstant());
  }

  private static Field<List<String>> requirements(String kind) {
    return multiset(
            select(AGENT_TEMPLATE_REQUIREMENT.NAME)
                .from(AGENT_TEMPLATE_REQUIREMENT)
                .where(AGENT_TEMPLATE_REQUIREMENT.TENANT_ID.eq(AGENT_TEMPLATE.TENANT_ID))
                .and(AGENT_TEMPLATE_REQUIREMENT.TEMPLATE_ID.eq(AGENT_TEMPLATE.TEMPLATE_ID))
                .and(AGENT_TEMPLATE_REQUIREMENT.KIND.eq(kind))
                .orderBy(AGENT_TEMPLATE_REQUIREMENT.POSITION))
        .as(kind.toLowerCase(java.util.Locale.ROOT))
        .convertFrom(rows -> rows.map(Record1::value1));
  }
}
