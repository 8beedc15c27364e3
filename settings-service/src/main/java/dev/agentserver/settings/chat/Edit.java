package dev.agentserver.settings.chat;

import dev.agentserver.settings.chat.ChatSettings.Choices;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One change of how a user chats; null leaves it to the defaults again.
public sealed interface Edit {
  record EnabledTools(List<String> tools) implements Edit {}

  record EnabledAgents(List<String> agents) implements Edit {}

  record Model(@Nullable String model) implements Edit {}

  record Temperature(@Nullable Double temperature) implements Edit {}

  record MaxTokens(@Nullable Integer maxTokens) implements Edit {}

  record SystemPrompt(@Nullable String systemPrompt) implements Edit {}

  default Choices applyTo(Choices old) {
    var tools = old.enabledTools();
    var agents = old.enabledAgents();
    var model = old.model();
    var temperature = old.temperature();
    var maxTokens = old.maxTokens();
    var prompt = old.systemPrompt();
    return switch (this) {
      case EnabledTools(var changed) ->
          new Choices(changed, agents, model, temperature, maxTokens, prompt);
      case EnabledAgents(var changed) ->
          new Choices(tools, changed, model, temperature, maxTokens, prompt);
      case Model(var changed) ->
          new Choices(tools, agents, changed, temperature, maxTokens, prompt);
      case Temperature(var changed) ->
          new Choices(tools, agents, model, changed, maxTokens, prompt);
      case MaxTokens(var changed) ->
          new Choices(tools, agents, model, temperature, changed, prompt);
      case SystemPrompt(var changed) ->
          new Choices(tools, agents, model, temperature, maxTokens, changed);
    };
  }
}
