package dev.agentserver.gateway.test;

import com.google.protobuf.Timestamp;
import dev.agentserver.settings.v1.AccessServiceGrpc;
import dev.agentserver.settings.v1.ExchangeTokenRequest;
import dev.agentserver.settings.v1.ExchangeTokenResponse;
import dev.agentserver.settings.v1.TicketCredential;
import dev.agentserver.test.notebook.FailRequest;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Exchanges any key but one for the token `jwt-of-<key>`, and one ticket at one path.
final class FakeAccess extends AccessServiceGrpc.AccessServiceImplBase {
  private final String refused;
  private final TicketCredential ticket;
  private final AtomicInteger exchanges;

  FakeAccess(String refused, TicketCredential ticket, AtomicInteger exchanges) {
    this.refused = refused;
    this.ticket = ticket;
    this.exchanges = exchanges;
  }

  @Override
  public void exchangeToken(
      ExchangeTokenRequest request, StreamObserver<ExchangeTokenResponse> observer) {
    exchanges.incrementAndGet();
    var refusal = refusal(request);
    if (refusal.isPresent()) {
      observer.onError(
          Notebook.failure(
              FailRequest.newBuilder()
                  .setCode(16)
                  .setMessage(refusal.get())
                  .setReason("UNAUTHENTICATED")
                  .build()));
      return;
    }
    var expires = Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() + 600);
    var token = request.hasTicket() ? "jwt-of-the-ticket" : "jwt-of-" + request.getApiKey();
    observer.onNext(
        ExchangeTokenResponse.newBuilder().setAccessToken(token).setExpiresAt(expires).build());
    observer.onCompleted();
  }

  private Optional<String> refusal(ExchangeTokenRequest request) {
    if (request.hasTicket()) {
      return Optional.of("the ticket is not good here")
          .filter(_ -> !request.getTicket().equals(ticket));
    }
    return Optional.of("the key is not known").filter(_ -> request.getApiKey().equals(refused));
  }
}
