package dev.agentserver.conversation.stream;

import dev.agentserver.kit.eventlog.StreamKey;
import dev.agentserver.kit.identity.Caller;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/// What a writer wants added to its message.
///
/// @param epoch names the writer
record Append(Caller caller, UUID messageId, long epoch, List<Delta> deltas) {
  private static final int OVERHEAD = 64;

  /// The message, among all of the process.
  StreamKey key() {
    return new StreamKey(caller.tenantId(), messageId);
  }

  /// What it holds in memory, about.
  int bytes() {
    return deltas.stream()
        .mapToInt(delta -> OVERHEAD + delta.text().getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }
}
