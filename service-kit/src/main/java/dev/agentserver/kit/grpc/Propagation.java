package dev.agentserver.kit.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/// Carries the id and the token of the call that is being handled on to the services it calls. The
/// token is the caller's own: a service never acts with more than its caller has. What a call sets
/// by itself is left alone.
final class Propagation implements ClientInterceptor {
  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    var token = Callers.TOKEN.get();
    var requestId = RequestId.current();
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<R> listener, Metadata headers) {
        if (token != null && !headers.containsKey(Callers.AUTHORIZATION)) {
          headers.put(Callers.AUTHORIZATION, "Bearer " + token);
        }
        if (!requestId.isEmpty() && !headers.containsKey(RequestId.HEADER)) {
          headers.put(RequestId.HEADER, requestId);
        }
        super.start(listener, headers);
      }
    };
  }
}
