package dev.agentserver.gateway.call;

import io.grpc.ClientCall;

/// The one message of a method that takes one.
public record OneMessage(byte[] wire) implements Sending {
  @Override
  public void send(ClientCall<byte[], byte[]> call) {
    call.sendMessage(wire);
    call.halfClose();
  }

  @Override
  public void ready() {}

  @Override
  public void over() {}
}
