package dev.agentserver.kit.grpc;

/// Sends the messages of a server's stream.
@FunctionalInterface
public interface Sender<R> {
  /// Waits until the transport takes another message, that is while the client reads more slowly
  /// than the handler sends, and sends it. Fails with [dev.agentserver.kit.cancel.Cancelled] when
  /// the call has ended meanwhile.
  void send(R message);
}
