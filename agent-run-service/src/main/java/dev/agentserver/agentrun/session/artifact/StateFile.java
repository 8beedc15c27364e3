package dev.agentserver.agentrun.session.artifact;

import dev.agentserver.agentrun.session.Phase;
import dev.agentserver.agentrun.session.checkpoint.Checkpoint;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What of a state.json becomes the session's; null and nothing change nothing.
public record StateFile(
    @Nullable String title,
    @Nullable String workingDir,
    @Nullable String gitBranch,
    @Nullable Phase phase,
    List<Checkpoint> checkpoints) {
  /// Reads a state.json.
  @FunctionalInterface
  public interface Reader {
    /// @param now when a checkpoint was added that does not say it
    StateFile read(String json, Instant now);
  }
}
