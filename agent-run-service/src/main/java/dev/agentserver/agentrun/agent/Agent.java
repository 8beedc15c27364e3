package dev.agentserver.agentrun.agent;

import dev.agentserver.agentrun.agent.template.Template;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An agent as one caller sees it.
///
/// @param ownerId null: erased
/// @param templateId null: made from none, or from one that is gone
/// @param template without what it requires and without its steps
/// @param config of the current version; in lists without instructions, settings, steps, tools and
/// integrations
/// @param lastUsedAt null: never
/// @param version counts changes
public record Agent(
    UUID id,
    @Nullable UUID ownerId,
    @Nullable UUID templateId,
    @Nullable Template template,
    Attributes attributes,
    AgentConfig config,
    int currentVersion,
    int executionCount,
    @Nullable Instant lastUsedAt,
    UserState userState,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /// Who may see and use it.
  public enum Visibility {
    PRIVATE,
    TENANT
  }

  /// Whether it takes new runs.
  public enum State {
    ACTIVE,
    INACTIVE
  }

  /// What its owner may change of it without making a version.
  public record Attributes(
      String name,
      String description,
      String icon,
      String category,
      String goal,
      Visibility visibility,
      State state,
      @Nullable String externalId,
      Map<String, String> metadata) {}

  /// What the caller has to do with it.
  public record UserState(boolean favorite, @Nullable Instant lastUsedAt, int useCount) {}

  /// A version, without what makes it long where it is listed.
  ///
  /// @param authorId null: erased
  public record Version(
      UUID agentId, int version, AgentConfig config, @Nullable UUID authorId, Instant createdAt) {}

  /// Names this state: the version of what its owner changes, then what changes by itself. So a
  /// cache notices a run, and [#matches] lets a new name pass beside it.
  public String etag() {
    return version + "." + executionCount + "." + (userState.favorite() ? 1 : 0);
  }

  /// Whether somebody who saw the state with this etag has seen the current attributes.
  boolean matches(String etag) {
    return etag.split("\\.", 2)[0].equals(Long.toString(version));
  }
}
