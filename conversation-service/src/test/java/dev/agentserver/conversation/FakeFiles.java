package dev.agentserver.conversation;

import dev.agentserver.conversation.link.FilePeer;
import dev.agentserver.conversation.v1.Attachment;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The files that anybody may see.
public final class FakeFiles implements FilePeer {
  private final Map<UUID, File> files = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean away;

  /// A file that was uploaded.
  public Attachment uploaded(String name, String mediaType, long size) {
    return in("READY", name, mediaType, size);
  }

  /// A file in a state of its life.
  public Attachment in(String state, String name, String mediaType, long size) {
    var id = UUID.randomUUID();
    files.put(id, new File(id, name, mediaType, size, state));
    return Attachment.newBuilder()
        .setFileId(id.toString())
        .setName(name)
        .setMediaType(mediaType)
        .setSizeBytes(size)
        .build();
  }

  /// Whether file-service does not answer.
  public void away(boolean now) {
    away = now;
  }

  /// How often somebody asked.
  public int asked() {
    return asked.get();
  }

  @Override
  public Found find(List<UUID> ids) {
    asked.incrementAndGet();
    if (away) {
      throw new Problem.Unavailable("file-service", Duration.ofSeconds(1)).raise();
    }
    return ids.stream()
        .filter(id -> !files.containsKey(id))
        .findFirst()
        .map(missing -> new Found(List.of(), missing))
        .orElseGet(() -> new Found(ids.stream().map(files::get).toList(), null));
  }
}
