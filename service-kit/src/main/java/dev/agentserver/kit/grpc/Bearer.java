package dev.agentserver.kit.grpc;

import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;

/// Calls another service with a token that is at hand, in place of the caller's own.
public final class Bearer {
  private Bearer() {}

  /// The stub, as whoever holds the token calls it.
  public static <S extends AbstractStub<S>> S on(S stub, String token) {
    var headers = new Metadata();
    headers.put(Callers.AUTHORIZATION, "Bearer " + token);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }
}
