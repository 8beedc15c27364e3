package dev.agentserver.agentrun.agent.template;

import dev.agentserver.agentrun.agent.AgentConfig.AgentStep;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// What agents are made from.
///
/// @param tenantId whose it is: for a shared one, the platform's
/// @param version counts changes
public record Template(
    UUID tenantId,
    UUID id,
    Attributes attributes,
    int usageCount,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /// What can be changed of it.
  ///
  /// @param shared whether every tenant sees it
  /// @param integrations the names of those that agents made from it require
  public record Attributes(
      String name,
      String role,
      String purpose,
      String icon,
      String category,
      boolean active,
      boolean shared,
      List<String> integrations,
      List<String> capabilities,
      List<AgentStep> steps) {}

  public String etag() {
    return Long.toString(version);
  }

  /// About how long it is in a list.
  public int characters() {
    return 1_000
        + attributes.name().length()
        + attributes.role().length()
        + attributes.purpose().length()
        + attributes.integrations().stream().mapToInt(String::length).sum()
        + attributes.capabilities().stream().mapToInt(String::length).sum();
  }
}
