package dev.agentserver.kit.grpc;

import java.time.Duration;
import java.util.Optional;

/// The messages of a client's stream, asked for one at a time: what the handler has not asked for
/// stays with the client. A client that sends nothing for longer than it is waited for is cut off
/// with DEADLINE_EXCEEDED.
public interface Receiver<Q> {
  /// Waits for the next message, as long as the server waits for any client; empty when the client
  /// has sent its last.
  Optional<Q> next();

  /// The same, waiting as long as is said here.
  Optional<Q> next(Duration patience);

  /// The same of a client that may have nothing to say, for however long.
  Optional<Q> whenever();
}
