package dev.agentserver.settings.chat;

import static dev.agentserver.settings.text.ProtoText.clean;
import static dev.agentserver.settings.text.ProtoText.cleanOrNull;
import static dev.agentserver.settings.text.ProtoText.instant;
import static dev.agentserver.settings.text.ProtoText.timestamp;

import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.chat.ChatSettings.Choices;
import dev.agentserver.settings.v1.UpdateChatSettingsRequest;
import java.util.ArrayList;
import java.util.List;

/// Translates chat settings to the contract's and back, and reads the edits of an update.
final class ChatSettingsProto {
  private static final List<String> ALL =
      List.of(
          "enabled_tools", "enabled_agents", "model", "temperature", "max_tokens", "system_prompt");

  private ChatSettingsProto() {}

  /// @param settings complete
  static dev.agentserver.settings.v1.ChatSettings toProto(ChatSettings settings) {
    var choices = settings.choices();
    var proto =
        dev.agentserver.settings.v1.ChatSettings.newBuilder()
            .addAllEnabledTools(choices.enabledTools())
            .addAllEnabledAgents(choices.enabledAgents())
            .setModel(choices.model())
            .setTemperature(choices.temperature())
            .setMaxTokens(choices.maxTokens())
            .setSystemPrompt(choices.systemPrompt())
            .setEtag(settings.etag());
    if (settings.updatedAt() != null) {
      proto.setUpdatedAt(timestamp(settings.updatedAt()));
    }
    return proto.build();
  }

  /// The inverse, for replaying a stored reply.
  static ChatSettings fromProto(dev.agentserver.settings.v1.ChatSettings proto) {
    return new ChatSettings(
        new Choices(
            proto.getEnabledToolsList(),
            proto.getEnabledAgentsList(),
            proto.getModel(),
            proto.getTemperature(),
            proto.getMaxTokens(),
            proto.getSystemPrompt()),
        Long.parseLong(proto.getEtag()),
        proto.hasUpdatedAt() ? instant(proto.getUpdatedAt()) : null);
  }

  static List<Edit> edits(UpdateChatSettingsRequest request) {
    List<String> paths = request.getUpdateMask().getPathsList();
    if (paths.isEmpty()) {
      paths = populated(request.getChatSettings());
    } else if (paths.equals(List.of("*"))) {
      paths = ALL;
    }
    return paths.stream().map(path -> edit(path, request.getChatSettings())).toList();
  }

  private static Edit edit(String path, dev.agentserver.settings.v1.ChatSettings settings) {
    return switch (path) {
      case "enabled_tools" -> new Edit.EnabledTools(clean(settings.getEnabledToolsList()));
      case "enabled_agents" -> new Edit.EnabledAgents(clean(settings.getEnabledAgentsList()));
      case "model" -> new Edit.Model(cleanOrNull(settings.getModel()));
      case "temperature" ->
          new Edit.Temperature(settings.hasTemperature() ? settings.getTemperature() : null);
      case "max_tokens" ->
          new Edit.MaxTokens(settings.hasMaxTokens() ? settings.getMaxTokens() : null);
      case "system_prompt" -> new Edit.SystemPrompt(cleanOrNull(settings.getSystemPrompt()));
      default ->
          throw Problem.invalid("update_mask", "names " + path + ", which cannot be changed");
    };
  }

  private static List<String> populated(dev.agentserver.settings.v1.ChatSettings settings) {
    var paths = new ArrayList<String>();
    if (settings.getEnabledToolsCount() > 0) {
      paths.add("enabled_tools");
    }
    if (settings.getEnabledAgentsCount() > 0) {
      paths.add("enabled_agents");
    }
    if (settings.hasModel()) {
      paths.add("model");
    }
    if (settings.hasTemperature()) {
      paths.add("temperature");
    }
    if (settings.hasMaxTokens()) {
      paths.add("max_tokens");
    }
    if (settings.hasSystemPrompt()) {
      paths.add("system_prompt");
    }
    return paths;
  }
}
