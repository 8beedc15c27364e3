package dev.agentserver.agentrun.agent;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.json;
import static dev.agentserver.agentrun.text.ProtoText.merge;
import static dev.agentserver.agentrun.text.ProtoText.orEmpty;
import static dev.agentserver.agentrun.text.ProtoText.uuidOrNull;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.agentrun.agent.AgentConfig.AgentIntegration;
import dev.agentserver.agentrun.agent.AgentConfig.AgentStep;
import dev.agentserver.agentrun.agent.AgentConfig.AgentTool;
import dev.agentserver.agentrun.agent.AgentConfig.Permission;
import dev.agentserver.kit.problem.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// What a version holds, between the contract and the domain.
public final class AgentConfigProto {
  private static final String FIELD = "agent.config";
  private static final int MAX_BYTES = 1024 * 1024;
  private static final int MAX_STRUCT_BYTES = 16 * 1024;
  private static final int MAX_SETTINGS = 64;
  private static final int MAX_NAME = 64;
  private static final String PREFIX = "PERMISSION_";

  private AgentConfigProto() {}

  /// Fails with Invalid, the field named, for what no agent can be made of.
  static AgentConfig fromProto(dev.agentserver.agentrun.v1.AgentConfig proto) {
    if (proto.getSerializedSize() > MAX_BYTES) {
      throw Problem.invalid(FIELD, "must be at most 1 MiB");
    }
    return new AgentConfig(
        clean(proto.getModel()),
        clean(proto.getProvider()),
        clean(proto.getInstructions()),
        proto.hasTemperature() ? proto.getTemperature() : null,
        proto.hasMaxTokens() ? proto.getMaxTokens() : null,
        settings(proto.getSettings()),
        steps(FIELD, proto.getStepsList()),
        tools(proto.getToolsList()),
        integrations(proto.getIntegrationsList()));
  }

  private static Map<String, String> settings(Struct settings) {
    var field = FIELD + ".settings";
    if (settings.getFieldsCount() > MAX_SETTINGS) {
      throw Problem.invalid(field, "must have at most " + MAX_SETTINGS + " names");
    }
    var texts = new TreeMap<String, String>();
    settings
        .getFieldsMap()
        .forEach(
            (name, value) -> {
              if (name.isEmpty() || name.codePointCount(0, name.length()) > MAX_NAME) {
                throw Problem.invalid(field, "must have names of 1 to 64 characters");
              }
              texts.put(clean(name), json(field, value));
            });
    return texts;
  }

  /// @param field that the steps are in
  public static List<AgentStep> steps(
      String field, List<dev.agentserver.agentrun.v1.AgentStep> protos) {
    var steps = new ArrayList<AgentStep>();
    for (var proto : protos) {
      var config = struct(field + ".steps[" + steps.size() + "].config", proto.getConfig());
      steps.add(new AgentStep(clean(proto.getName()), clean(proto.getInstructions()), config));
    }
    return List.copyOf(steps);
  }

  private static List<AgentTool> tools(List<dev.agentserver.agentrun.v1.AgentTool> protos) {
    var tools = new ArrayList<AgentTool>();
    var seen = new HashSet<UUID>();
    for (var proto : protos) {
      var field = FIELD + ".tools[" + tools.size() + "]";
      var id = UUID.fromString(proto.getToolId());
      if (!seen.add(id)) {
        throw Problem.invalid(field + ".tool_id", "must be there once only");
      }
      tools.add(
          new AgentTool(
              id,
              uuidOrNull(proto.getIntegrationId()),
              !proto.hasIsEnabled() || proto.getIsEnabled(),
              permission(proto.getPermission()),
              struct(field + ".custom_config", proto.getCustomConfig())));
    }
    return List.copyOf(tools);
  }

  private static Permission permission(
      dev.agentserver.agentrun.v1.AgentTool.Permission permission) {
    return permission == dev.agentserver.agentrun.v1.AgentTool.Permission.PERMISSION_UNSPECIFIED
        ? Permission.ALLOW
        : Permission.valueOf(permission.name().substring(PREFIX.length()));
  }

  private static List<AgentIntegration> integrations(
      List<dev.agentserver.agentrun.v1.AgentIntegration> protos) {
    var integrations = new ArrayList<AgentIntegration>();
    var seen = new HashSet<UUID>();
    for (var proto : protos) {
      var field = FIELD + ".integrations[" + integrations.size() + "]";
      var id = UUID.fromString(proto.getIntegrationId());
      if (!seen.add(id)) {
        throw Problem.invalid(field + ".integration_id", "must be there once only");
      }
      integrations.add(
          new AgentIntegration(
              id,
              !proto.hasIsEnabled() || proto.getIsEnabled(),
              proto.getIsRequired(),
              struct(field + ".settings", proto.getSettings())));
    }
    return List.copyOf(integrations);
  }

  private static String struct(String field, Struct struct) {
    if (struct.getSerializedSize() > MAX_STRUCT_BYTES) {
      throw Problem.invalid(field, "must be at most 16 KiB");
    }
    return json(field, struct);
  }

  public static dev.agentserver.agentrun.v1.AgentConfig toProto(AgentConfig config) {
    var proto =
        dev.agentserver.agentrun.v1.AgentConfig.newBuilder()
            .setModel(config.model())
            .setProvider(config.provider())
            .setInstructions(config.instructions())
            .addAllSteps(steps(config.steps()))
            .addAllTools(config.tools().stream().map(AgentConfigProto::toProto).toList())
            .addAllIntegrations(
                config.integrations().stream().map(AgentConfigProto::toProto).toList());
    if (config.temperature() != null) {
      proto.setTemperature(config.temperature());
    }
    if (config.maxTokens() != null) {
      proto.setMaxTokens(config.maxTokens());
    }
    if (!config.settings().isEmpty()) {
      var settings = Struct.newBuilder();
      config
          .settings()
          .forEach(
              (name, text) -> settings.putFields(name, merge(text, Value.newBuilder()).build()));
      proto.setSettings(settings);
    }
    return proto.build();
  }

  public static List<dev.agentserver.agentrun.v1.AgentStep> steps(List<AgentStep> steps) {
    return steps.stream()
        .map(
            step -> {
              var proto =
                  dev.agentserver.agentrun.v1.AgentStep.newBuilder()
                      .setName(step.name())
                      .setInstructions(step.instructions());
              if (!step.config().equals("{}")) {
                proto.setConfig(struct(step.config()));
              }
              return proto.build();
            })
        .toList();
  }

  private static dev.agentserver.agentrun.v1.AgentTool toProto(AgentTool tool) {
    var proto =
        dev.agentserver.agentrun.v1.AgentTool.newBuilder()
            .setToolId(tool.toolId().toString())
            .setIntegrationId(orEmpty(tool.integrationId()))
            .setIsEnabled(tool.enabled())
            .setPermission(
                dev.agentserver.agentrun.v1.AgentTool.Permission.valueOf(
                    PREFIX + tool.permission().name()));
    if (!tool.customConfig().equals("{}")) {
      proto.setCustomConfig(struct(tool.customConfig()));
    }
    return proto.build();
  }

  private static dev.agentserver.agentrun.v1.AgentIntegration toProto(
      AgentIntegration integration) {
    var proto =
        dev.agentserver.agentrun.v1.AgentIntegration.newBuilder()
            .setIntegrationId(integration.integrationId().toString())
            .setIsEnabled(integration.enabled())
            .setIsRequired(integration.required());
    if (!integration.settings().equals("{}")) {
      proto.setSettings(struct(integration.settings()));
    }
    return proto.build();
  }

  static Struct struct(String json) {
    return merge(json, Struct.newBuilder()).build();
  }
}
