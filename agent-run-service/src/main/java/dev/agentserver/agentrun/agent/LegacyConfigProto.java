package dev.agentserver.agentrun.agent;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.agentrun.agent.AgentConfig.AgentIntegration;
import dev.agentserver.agentrun.agent.AgentConfig.AgentTool;
import java.util.LinkedHashMap;
import java.util.UUID;

/// An agent's integrations as they were kept before there was a registry of tools: one JSON object
/// with the selected tools inside.
final class LegacyConfigProto {
  private LegacyConfigProto() {}

  static Struct of(AgentConfig config) {
    var entries = new LinkedHashMap<UUID, Struct.Builder>();
    var selected = new LinkedHashMap<UUID, ListValue.Builder>();
    for (var integration : config.integrations()) {
      if (integration.enabled()) {
        entries.put(integration.integrationId(), entry(integration));
        selected.put(integration.integrationId(), ListValue.newBuilder());
      }
    }
    config.tools().stream()
        .filter(AgentTool::enabled)
        .filter(tool -> selected.containsKey(tool.integrationId()))
        .forEach(
            tool -> selected.get(tool.integrationId()).addValues(text(tool.toolId().toString())));
    var integrations = ListValue.newBuilder();
    entries.forEach(
        (id, entry) ->
            integrations.addValues(
                Value.newBuilder()
                    .setStructValue(
                        entry.putFields(
                            "selectedTools",
                            Value.newBuilder().setListValue(selected.get(id)).build()))));
    return Struct.newBuilder()
        .putFields("integrations", Value.newBuilder().setListValue(integrations).build())
        .build();
  }

  private static Struct.Builder entry(AgentIntegration integration) {
    return Struct.newBuilder()
        .putFields("id", text(integration.integrationId().toString()))
        .putFields(
            "settings",
            Value.newBuilder()
                .setStructValue(AgentConfigProto.struct(integration.settings()))
                .build());
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
