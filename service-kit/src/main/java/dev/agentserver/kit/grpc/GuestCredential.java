package dev.agentserver.kit.grpc;

import dev.agentserver.kit.config.Secret;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/// Gives calls that carry no credential this one: for a listener whose clients cannot send any.
record GuestCredential(Secret credential) implements ServerInterceptor {
  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (!headers.containsKey(Callers.AUTHORIZATION)) {
      headers.put(Callers.AUTHORIZATION, "Bearer " + credential.value());
    }
    return next.startCall(call, headers);
  }
}
