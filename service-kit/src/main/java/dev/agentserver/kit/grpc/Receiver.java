package dev.agentserver.kit.grpc;

import java.util.Optional;

/// The messages of a client's stream, asked for one at a time: what the handler has not asked for
/// stays with the client.
@FunctionalInterface
public interface Receiver<Q> {
  /// Waits for the next message; empty when the client has sent its last.
  Optional<Q> next();
}
