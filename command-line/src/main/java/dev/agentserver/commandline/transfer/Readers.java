package dev.agentserver.commandline.transfer;

import dev.agentserver.commandline.job.Job;
import dev.agentserver.commandline.server.LentKeys;
import dev.agentserver.commandline.server.Server;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Whose conversations are written.
final class Readers {
  private final Server server;
  private final LentKeys keys;
  private final Job job;
  private final Map<String, Labels> labels = new ConcurrentHashMap<>();

  Readers(Server server, LentKeys keys, Job job) {
    this.server = server;
    this.keys = keys;
    this.job = job;
  }

  /// @param owner null: the caller
  Marking of(@Nullable String owner) {
    return new Marking(
        owner == null ? server : keys.of(owner),
        labels.computeIfAbsent(owner == null ? "" : owner, _ -> new Labels()),
        job);
  }
}
