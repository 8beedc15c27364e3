package dev.agentserver.agentrun;

import dev.agentserver.agentrun.link.FilePeer;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// The files that anybody may see.
public final class FakeFiles implements FilePeer {
  private final Map<UUID, File> files = new ConcurrentHashMap<>();
  private volatile boolean away;

  /// A file with bytes that have this hash.
  public String uploaded(long size, String sha256) {
    return in("READY", size, sha256);
  }

  /// A file in a state of its life.
  public String in(String state, long size, String sha256) {
    var id = UUID.randomUUID();
    files.put(id, new File(id, "application/zip", size, sha256, state));
    return id.toString();
  }

  /// Whether file-service does not answer.
  public void away(boolean now) {
    away = now;
  }

  @Override
  public Optional<File> find(UUID fileId) {
    if (away) {
      throw new Problem.Unavailable("file-service", Duration.ofSeconds(1)).raise();
    }
    return Optional.ofNullable(files.get(fileId));
  }
}
