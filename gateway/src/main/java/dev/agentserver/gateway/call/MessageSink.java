package dev.agentserver.gateway.call;

import io.grpc.ClientCall;

/// Where the messages of a request go.
public interface MessageSink {
  /// Whether it takes another message now; who has to wait is told when it does.
  boolean isReady();

  void send(byte[] message);

  /// Says that it was all.
  void end();

  /// A call that has been started.
  static MessageSink of(ClientCall<byte[], byte[]> call) {
    return new CallSink(call, () -> {});
  }

  /// A call that is started by its first message, so that a request that is no good calls nobody.
  ///
  /// @param start starts it
  static MessageSink starting(ClientCall<byte[], byte[]> call, Runnable start) {
    return new CallSink(call, start);
  }
}
