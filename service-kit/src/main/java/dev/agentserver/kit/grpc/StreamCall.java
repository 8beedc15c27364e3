package dev.agentserver.kit.grpc;

import dev.agentserver.kit.observe.Logging;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.function.BiConsumer;
import org.slf4j.MDC;

/// Serves a method with a stream in either direction, on a virtual thread of its own: grpc-java
/// delivers the events of one call one at a time, so a handler that blocked in an event would never
/// see the next, neither readiness nor cancellation.
///
/// @param endless whether the handler sends a stream, which a draining server ends
record StreamCall<Q, R>(String method, boolean endless, BiConsumer<Receiver<Q>, Sender<R>> handler)
    implements ServerCallHandler<Inbound<Q>, R> {
  @Override
  public ServerCall.Listener<Inbound<Q>> startCall(
      ServerCall<Inbound<Q>, R> call, Metadata headers) {
    var scope = CallScope.current();
    var receiver = new CallReceiver<>(call, scope.maxMessageBytes(), scope.stall());
    var sender = new CallSender<>(call, scope.replyHeaders());
    Runnable work = () -> CallWork.run(call, endless, () -> serve(call, receiver, sender));
    Thread.ofVirtual().name(method).start(Context.current().wrap(work));
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(Inbound<Q> message) {
        receiver.arrived(message);
      }

      @Override
      public void onHalfClose() {
        receiver.ended();
      }

      @Override
      public void onReady() {
        sender.ready();
      }
    };
  }

  private void serve(ServerCall<Inbound<Q>, R> call, Receiver<Q> receiver, Sender<R> sender) {
    // The thread is the call's own and ends with it, so nothing has to be removed.
    MDC.put(Logging.REQUEST_ID, RequestId.current());
    handler.accept(receiver, sender);
    call.close(Status.OK, new Metadata());
  }
}
