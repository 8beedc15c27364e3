package dev.agentserver.kit.grpc;

import io.grpc.ServerCall;
import io.grpc.Status;

/// The events of one call within its envelope. After one of them has failed, the handler hears of
/// no other but the end.
final class EnvelopedEvents<Q> extends ServerCall.Listener<Q> {
  private final EnvelopedCall<Q, ?> call;
  private ServerCall.Listener<Q> handler = new ServerCall.Listener<>() {};
  private boolean failed;

  EnvelopedEvents(EnvelopedCall<Q, ?> call) {
    this.call = call;
  }

  void delegateTo(ServerCall.Listener<Q> started) {
    this.handler = started;
  }

  void run(Runnable event) {
    if (!failed) {
      failed = !call.run(event);
    }
  }

  @Override
  public void onMessage(Q message) {
    run(() -> handler.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    run(handler::onHalfClose);
  }

  @Override
  public void onReady() {
    run(handler::onReady);
  }

  @Override
  public void onCancel() {
    call.run(handler::onCancel);
    call.end(Status.CANCELLED);
  }

  @Override
  public void onComplete() {
    call.run(handler::onComplete);
  }
}
