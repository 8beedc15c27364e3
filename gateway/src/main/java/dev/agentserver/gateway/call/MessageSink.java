package dev.agentserver.gateway.call;

import io.grpc.ClientCall;

/// Where the messages of a request go.
public interface MessageSink {
  /// Whether it takes another message now; who has to wait is told when it does.
  boolean isReady();

  void send(byte[] message);

  /// Says that it was all.
  void end();

  static MessageSink of(ClientCall<byte[], byte[]> call) {
    return new MessageSink() {
      @Override
      public boolean isReady() {
        return call.isReady();
      }

      @Override
      public void send(byte[] message) {
        call.sendMessage(message);
      }

      @Override
      public void end() {
        call.halfClose();
      }
    };
  }
}
