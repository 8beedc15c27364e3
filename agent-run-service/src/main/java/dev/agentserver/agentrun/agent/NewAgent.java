package dev.agentserver.agentrun.agent;

import dev.agentserver.agentrun.agent.Agent.Attributes;
import dev.agentserver.agentrun.agent.template.Template;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An agent to be made.
///
/// @param id the id the client chose, if it did
public record NewAgent(
    @Nullable UUID id, @Nullable UUID templateId, Attributes attributes, AgentConfig config) {
  /// The same, with the template's values where it has none.
  NewAgent from(Template template) {
    var own = attributes;
    var of = template.attributes();
    return new NewAgent(
        id,
        template.id(),
        new Attributes(
            or(own.name(), of.name()),
            or(own.description(), of.role()),
            or(own.icon(), of.icon()),
            or(own.category(), of.category()),
            or(own.goal(), of.purpose()),
            own.visibility(),
            own.state(),
            own.externalId(),
            own.metadata()),
        config.withStepsFrom(of.steps()));
  }

  private static String or(String own, String other) {
    return own.isEmpty() ? other : own;
  }
}
