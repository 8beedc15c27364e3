package dev.agentserver.kit.grpc;

import io.grpc.Context;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import org.jspecify.annotations.Nullable;

/// A call that has passed the gate: its events run in the caller's context, its handler when it has
/// its turn, and what it holds is given back at its end.
///
/// @param deadline the context whose timer must be stopped at the end; null when there is none
/// @param share the turns of its method; null for streams
/// @param openStreams where its place is given back; null for unary calls
record GatedCall<Q, R>(
    Context context,
    Context.@Nullable CancellableContext deadline,
    Admission.@Nullable Share share,
    @Nullable Admission openStreams) {
  ServerCall.Listener<Q> start(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> handler) {
    var before = context.attach();
    var started = false;
    try {
      var listener = new Events(handler.startCall(call, headers));
      started = true;
      return listener;
    } finally {
      context.detach(before);
      if (!started) {
        release();
      }
    }
  }

  private void release() {
    if (openStreams != null) {
      openStreams.closeStream();
    }
    if (deadline != null) {
      deadline.cancel(null);
    }
  }

  private void within(Runnable event) {
    var before = context.attach();
    try {
      event.run();
    } finally {
      context.detach(before);
    }
  }

  private final class Events extends SimpleForwardingServerCallListener<Q> {
    private Events(ServerCall.Listener<Q> handler) {
      super(handler);
    }

    @Override
    public void onMessage(Q message) {
      within(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      within(
          () -> {
            if (share == null) {
              super.onHalfClose();
            } else {
              share.run(super::onHalfClose);
            }
          });
    }

    @Override
    public void onReady() {
      within(super::onReady);
    }

    @Override
    public void onCancel() {
      within(super::onCancel);
      release();
    }

    @Override
    public void onComplete() {
      within(super::onComplete);
      release();
    }
  }
}
