package dev.agentserver.conversation;

import dev.agentserver.conversation.link.RunPeer;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The runs that anybody may see.
public final class FakeRuns implements RunPeer {
  private final Map<UUID, Run> runs = new ConcurrentHashMap<>();
  private final List<UUID> asked = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean away;

  /// A run that answers in a conversation; null: in none.
  public UUID in(@Nullable String conversationId) {
    var id = UUID.randomUUID();
    runs.put(id, new Run(conversationId == null ? null : UUID.fromString(conversationId)));
    return id;
  }

  /// Whether agent-run-service does not answer.
  public void away(boolean now) {
    away = now;
  }

  /// Which runs were asked for.
  public List<UUID> asked() {
    return List.copyOf(asked);
  }

  @Override
  public Optional<Run> find(UUID runId) {
    asked.add(runId);
    if (away) {
      throw new Problem.Unavailable("agent-run-service", Duration.ofSeconds(1)).raise();
    }
    return Optional.ofNullable(runs.get(runId));
  }
}
