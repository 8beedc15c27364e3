package dev.agentserver.agentrun.agent;

import static dev.agentserver.agentrun.db.Tables.AGENT_INTEGRATION;
import static dev.agentserver.agentrun.db.Tables.AGENT_SETTING;
import static dev.agentserver.agentrun.db.Tables.AGENT_STEP;
import static dev.agentserver.agentrun.db.Tables.AGENT_TOOL;
import static dev.agentserver.agentrun.db.Tables.AGENT_VERSION;
import static org.jooq.impl.DSL.multiset;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.SQLDataType.CLOB;

import dev.agentserver.agentrun.agent.AgentConfig.AgentIntegration;
import dev.agentserver.agentrun.agent.AgentConfig.AgentStep;
import dev.agentserver.agentrun.agent.AgentConfig.AgentTool;
import dev.agentserver.agentrun.agent.AgentConfig.Permission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Field;
import org.jooq.Record;

/// What a version holds, as one statement reads it.
final class ConfigRows {
  /// Without what makes it long.
  static final List<Field<?>> BASIC =
      List.of(
          AGENT_VERSION.MODEL,
          AGENT_VERSION.PROVIDER,
          AGENT_VERSION.TEMPERATURE,
          AGENT_VERSION.MAX_TOKENS);

  private static final Field<Map<String, String>> SETTINGS =
      multiset(
              select(AGENT_SETTING.KEY, AGENT_SETTING.VALUE.cast(CLOB))
                  .from(AGENT_SETTING)
                  .where(AGENT_SETTING.TENANT_ID.eq(AGENT_VERSION.TENANT_ID))
                  .and(AGENT_SETTING.AGENT_ID.eq(AGENT_VERSION.AGENT_ID))
                  .and(AGENT_SETTING.VERSION.eq(AGENT_VERSION.VERSION))
                  .orderBy(AGENT_SETTING.KEY))
          .as("settings")
          .convertFrom(
              rows -> {
                var settings = new LinkedHashMap<String, String>();
                rows.forEach(row -> settings.put(row.value1(), row.value2()));
                return settings;
              });

  private static final Field<List<AgentStep>> STEPS =
      multiset(
              select(AGENT_STEP.NAME, AGENT_STEP.INSTRUCTIONS, AGENT_STEP.CONFIG.cast(CLOB))
                  .from(AGENT_STEP)
                  .where(AGENT_STEP.TENANT_ID.eq(AGENT_VERSION.TENANT_ID))
                  .and(AGENT_STEP.AGENT_ID.eq(AGENT_VERSION.AGENT_ID))
                  .and(AGENT_STEP.VERSION.eq(AGENT_VERSION.VERSION))
                  .orderBy(AGENT_STEP.POSITION))
          .as("steps")
          .convertFrom(
              rows -> rows.map(row -> new AgentStep(row.value1(), row.value2(), row.value3())));

  private static final Field<List<AgentTool>> TOOLS =
      multiset(
              select(
                      AGENT_TOOL.TOOL_ID,
                      AGENT_TOOL.INTEGRATION_ID,
                      AGENT_TOOL.IS_ENABLED,
                      AGENT_TOOL.PERMISSION,
                      AGENT_TOOL.CUSTOM_CONFIG.cast(CLOB))
                  .from(AGENT_TOOL)
                  .where(AGENT_TOOL.TENANT_ID.eq(AGENT_VERSION.TENANT_ID))
                  .and(AGENT_TOOL.AGENT_ID.eq(AGENT_VERSION.AGENT_ID))
                  .and(AGENT_TOOL.VERSION.eq(AGENT_VERSION.VERSION))
                  .orderBy(AGENT_TOOL.POSITION))
          .as("tools")
          .convertFrom(
              rows ->
                  rows.map(
                      row ->
                          new AgentTool(
                              row.value1(),
                              row.value2(),
                              row.value3(),
                              Permission.valueOf(row.value4()),
                              row.value5())));

  private static final Field<List<AgentIntegration>> INTEGRATIONS =
      multiset(
              select(
                      AGENT_INTEGRATION.INTEGRATION_ID,
                      AGENT_INTEGRATION.IS_ENABLED,
                      AGENT_INTEGRATION.IS_REQUIRED,
                      AGENT_INTEGRATION.SETTINGS.cast(CLOB))
                  .from(AGENT_INTEGRATION)
                  .where(AGENT_INTEGRATION.TENANT_ID.eq(AGENT_VERSION.TENANT_ID))
                  .and(AGENT_INTEGRATION.AGENT_ID.eq(AGENT_VERSION.AGENT_ID))
                  .and(AGENT_INTEGRATION.VERSION.eq(AGENT_VERSION.VERSION))
                  .orderBy(AGENT_INTEGRATION.POSITION))
          .as("integrations")
          .convertFrom(
              rows ->
                  rows.map(
                      row ->
                          new AgentIntegration(
                              row.value1(), row.value2(), row.value3(), row.value4())));

  /// Everything.
  static final List<Field<?>> FULL = full();

  private ConfigRows() {}

  private static List<Field<?>> full() {
    var all = new ArrayList<>(BASIC);
    all.addAll(List.of(AGENT_VERSION.INSTRUCTIONS, SETTINGS, STEPS, TOOLS, INTEGRATIONS));
    return List.copyOf(all);
  }

  static AgentConfig config(Record row) {
    var whole = row.field(AGENT_VERSION.INSTRUCTIONS) != null;
    return new AgentConfig(
        row.get(AGENT_VERSION.MODEL),
        row.get(AGENT_VERSION.PROVIDER),
        whole ? row.get(AGENT_VERSION.INSTRUCTIONS) : "",
        row.get(AGENT_VERSION.TEMPERATURE),
        row.get(AGENT_VERSION.MAX_TOKENS),
        whole ? row.get(SETTINGS) : Map.of(),
        whole ? row.get(STEPS) : List.of(),
        whole ? row.get(TOOLS) : List.of(),
        whole ? row.get(INTEGRATIONS) : List.of());
  }
}
