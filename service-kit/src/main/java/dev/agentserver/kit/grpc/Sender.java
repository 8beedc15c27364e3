package dev.agentserver.kit.grpc;

import java.time.Duration;

/// Sends the messages of a server's stream.
public interface Sender<R> {
  /// Waits until the transport takes another message, that is while the client reads more slowly
  /// than the handler sends, and sends it. Fails with [dev.agentserver.kit.cancel.Cancelled] when
  /// the call has ended meanwhile.
  void send(R message);

  /// The same to a client that takes what it asked for: one that takes nothing for so long is cut
  /// off with DEADLINE_EXCEEDED.
  void send(R message, Duration patience);
}
