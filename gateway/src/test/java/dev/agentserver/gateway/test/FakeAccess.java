package dev.agentserver.gateway.test;

import com.google.protobuf.Timestamp;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.ExchangeTokenResponse;
import dev.agentserver.test.notebook.FailRequest;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/// Exchanges any key but one for the token `jwt-of-<key>`.
final class FakeAccess extends AccessServiceGrpc.AccessServiceImplBase {
  private final String refused;
  private final AtomicInteger exchanges;

  FakeAccess(String refused, AtomicInteger exchanges) {
    this.refused = refused;
    this.exchanges = exchanges;
  }

  @Override
  public void exchangeToken(
      ExchangeTokenRequest request, StreamObserver<ExchangeTokenResponse> observer) {
    exchanges.incrementAndGet();
    if (request.getApiKey().equals(refused)) {
      observer.onError(
          Notebook.failure(
              FailRequest.newBuilder()
                  .setCode(16)
                  .setMessage("the key is not known")
                  .setReason("UNAUTHENTICATED")
                  .build()));
      return;
    }
    var expires = Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() + 600);
    observer.onNext(
        ExchangeTokenResponse.newBuilder()
            .setAccessToken("jwt-of-" + request.getApiKey())
            .setExpiresAt(expires)
            .build());
    observer.onCompleted();
  }
}
