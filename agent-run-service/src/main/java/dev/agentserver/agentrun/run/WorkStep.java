package dev.agentserver.agentrun.run;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What a worker sends on its stream.
sealed interface WorkStep {
  /// Says where its runs come from.
  record Open(List<String> queues, Map<String, String> labels) implements WorkStep {}

  /// Asks for a run by each request.
  record Acquire(List<String> requestIds) implements WorkStep {}

  /// Keeps leases up.
  record Heartbeat(List<Beat> leases) implements WorkStep {}

  /// @param inputSeq the last input that the worker has
  record Beat(UUID runId, long epoch, long inputSeq) {}
}
