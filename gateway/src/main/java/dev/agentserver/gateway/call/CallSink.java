package dev.agentserver.gateway.call;

import io.grpc.ClientCall;

/// The messages of a call.
final class CallSink implements MessageSink {
  private final ClientCall<byte[], byte[]> call;
  private final Runnable start;
  private boolean started;

  CallSink(ClientCall<byte[], byte[]> call, Runnable start) {
    this.call = call;
    this.start = start;
  }

  @Override
  public boolean isReady() {
    return call.isReady();
  }

  @Override
  public void send(byte[] message) {
    begin();
    call.sendMessage(message);
  }

  @Override
  public void end() {
    begin();
    call.halfClose();
  }

  private void begin() {
    if (!started) {
      started = true;
      start.run();
    }
  }
}
