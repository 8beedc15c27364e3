package dev.agentserver.gateway.call;

/// The one message of a method that takes one.
public record OneMessage(byte[] wire) implements Sending {
  @Override
  public void send(MessageSink sink) {
    sink.send(wire);
    sink.end();
  }

  @Override
  public void ready() {}

  @Override
  public void over() {}
}
