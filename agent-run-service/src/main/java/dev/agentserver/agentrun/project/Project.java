package dev.agentserver.agentrun.project;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A directory or a repository that sessions work on.
public record Project(
    UUID id,
    UUID ownerId,
    Attributes attributes,
    State state,
    List<Step> steps,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /// What its owner may change.
  public record Attributes(
      String name,
      String slug,
      @Nullable String path,
      @Nullable String repoUrl,
      @Nullable String externalId,
      Map<String, String> metadata) {}

  /// One thing to be done before it is active.
  public record Step(int number, String name, @Nullable Instant completedAt) {}

  /// How far it is.
  public enum State {
    PENDING,
    ONBOARDING,
    ACTIVE,
    PAUSED,
    ARCHIVED
  }

  /// What can be done to its state by whoever owns it; the last onboarding step does the rest.
  public enum Transition {
    ONBOARD(State.ONBOARDING, EnumSet.of(State.PENDING)),
    ACTIVATE(State.ACTIVE, EnumSet.of(State.PENDING, State.PAUSED, State.ARCHIVED)),
    PAUSE(State.PAUSED, EnumSet.of(State.ACTIVE)),
    ARCHIVE(
        State.ARCHIVED, EnumSet.of(State.PENDING, State.ONBOARDING, State.ACTIVE, State.PAUSED));

    private final State to;
    private final Set<State> from;

    Transition(State to, Set<State> from) {
      this.to = to;
      this.from = from;
    }

    public State to() {
      return to;
    }

    public boolean isLegalFrom(State state) {
      return from.contains(state);
    }
  }

  public String etag() {
    return Long.toString(version);
  }
}
