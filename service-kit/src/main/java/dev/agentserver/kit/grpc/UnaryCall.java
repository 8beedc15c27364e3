package dev.agentserver.kit.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Serves a method with one request and one reply on the thread that brings the request.
///
/// @param waits whether it may wait until something happens, which a draining server ends
record UnaryCall<Q, R>(boolean waits, Function<Q, R> handler)
    implements ServerCallHandler<Inbound<Q>, R> {
  @Override
  public ServerCall.Listener<Inbound<Q>> startCall(
      ServerCall<Inbound<Q>, R> call, Metadata headers) {
    // Two, so that a second request is seen and refused.
    call.request(2);
    return new ServerCall.Listener<>() {
      private final List<Inbound<Q>> requests = new ArrayList<>(1);

      @Override
      public void onMessage(Inbound<Q> request) {
        requests.add(request);
      }

      @Override
      public void onHalfClose() {
        CallWork.run(call, waits, () -> answer(call, Inbound.only(requests)));
      }
    };
  }

  private void answer(ServerCall<Inbound<Q>, R> call, Inbound<Q> request) {
    var reply = handler.apply(request.checked(CallScope.current().maxMessageBytes()));
    call.sendHeaders(new Metadata());
    call.sendMessage(reply);
    call.close(Status.OK, new Metadata());
  }
}
