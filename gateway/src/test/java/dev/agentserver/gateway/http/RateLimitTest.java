package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.agentserver.gateway.test.FakeAccess;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.test.Await;
import dev.agentserver.test.notebook.GetNoteRequest;
import dev.agentserver.test.notebook.NoteServiceGrpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How callers are held to their limits, and nobody else by them.
class RateLimitTest {
  private static final UUID TENANT = UUID.randomUUID();

  private TestGateway gateway = new TestGateway();

  /// @param limits all there are; a bucket fills by one a minute at most, so no test is in a hurry
  private void limit(String limits, String... more) {
    gateway.close();
    var environment =
        new HashMap<>(
            Map.of(
                "RATE_LIMITS",
                "calls.address=0;calls.key=0;calls.user=0;calls.tenant=0;watches.address=0;"
                    + "watches.key=0;watches.user=0;watches.tenant=0;streams.address=0;"
                    + "streams.key=0;streams.user=0;streams.tenant=0;"
                    + limits));
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    gateway = new TestGateway(environment);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static Caller caller(String name) {
    return new Caller(
        TENANT,
        UUID.nameUUIDFromBytes(name.getBytes()),
        Caller.Kind.USER,
        Set.of(),
        Set.of(),
        name);
  }

  private HttpResponse<String> get(String token) {
    return gateway.send(gateway.request("/v1/notes/5").header("Authorization", "Bearer " + token));
  }

  private static void assertLimited(HttpResponse<String> response, String limit, int allowed) {
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.body())
        .startsWith("{\"code\":8,")
        .contains("\"reason\":\"RATE_LIMITED\"")
        .contains("\"limit\":\"" + limit + "\"")
        .contains("\"allowed\":\"" + allowed + "\"")
        .contains("\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\"");
    assertThat(Integer.parseInt(response.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(1, 60);
  }

  @Test
  void whoCallsTooOftenIsToldWhenToComeAgain() {
    limit("calls.key=2");
    var token = FakeAccess.token(caller("loud"));

    var first = get(token);
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.headers().firstValue("ratelimit-policy")).hasValue("\"calls.key\";q=2;w=60");
    assertThat(first.headers().firstValue("ratelimit").orElseThrow())
        .startsWith("\"calls.key\";r=1;t=");
    assertThat(get(token).headers().firstValue("ratelimit").orElseThrow())
        .startsWith("\"calls.key\";r=0;t=");

    var refused = get(token);
    assertLimited(refused, "calls.key", 2);
    assertThat(refused.headers().firstValue("ratelimit").orElseThrow())
        .startsWith("\"calls.key\";r=0;t=");
    assertThat(get(FakeAccess.token(caller("quiet"))).statusCode()).isEqualTo(200);
  }

  @Test
  void anApiKeyIsCountedHoweverItIsSent() {
    limit("calls.key=2");
    var bearer =
        gateway.request("/v1/notes/5").header("Authorization", "Bearer " + TestGateway.KEY);
    var header = gateway.request("/v1/notes/5").header("X-API-Key", TestGateway.KEY);

    assertThat(gateway.send(bearer).statusCode()).isEqualTo(200);
    assertThat(gateway.send(header).statusCode()).isEqualTo(200);
    assertLimited(gateway.send(bearer), "calls.key", 2);
    assertLimited(gateway.send(header), "calls.key", 2);
  }

  @Test
  void usersOfATenantShareItsLimit() {
    limit("calls.tenant=3");

    assertThat(get(FakeAccess.token(caller("a"))).statusCode()).isEqualTo(200);
    assertThat(get(FakeAccess.token(caller("b"))).statusCode()).isEqualTo(200);
    assertThat(get(FakeAccess.token(caller("c"))).statusCode()).isEqualTo(200);
    assertLimited(get(FakeAccess.token(caller("d"))), "calls.tenant", 3);
    assertThat(gateway.get("/shelves").statusCode()).isEqualTo(200);
  }

  @Test
  void aForgedTokenCountsAgainstItsSenderAndNotAgainstWhomItNames() {
    limit("calls.address=20;calls.key=5;calls.user=5;calls.tenant=5");
    var victim = caller("victim");
    var token = FakeAccess.token(victim);
    assertThat(get(token).statusCode()).isEqualTo(200);

    for (int i = 0; i < 19; i++) {
      assertThat(get(FakeAccess.forged(victim)).headers().firstValue("ratelimit").orElseThrow())
          .startsWith("\"calls.address\"");
    }
    assertLimited(get(FakeAccess.forged(victim)), "calls.address", 20);

    for (int i = 0; i < 4; i++) {
      assertThat(get(token).statusCode()).isEqualTo(200);
    }
    assertLimited(get(token), "calls.key", 5);
  }

  @Test
  void strangersAreRefusedBeforeAnybodyIsAsked() {
    limit("calls.address=3");
    for (int i = 0; i < 3; i++) {
      gateway.send(gateway.request("/v1/notes/5").header("X-API-Key", TestGateway.REFUSED_KEY));
    }
    assertThat(gateway.exchanges()).isEqualTo(3);

    assertLimited(
        gateway.send(gateway.request("/v1/notes/5").header("X-API-Key", TestGateway.REFUSED_KEY)),
        "calls.address",
        3);
    assertLimited(gateway.get("/v1/notes/5"), "calls.address", 3);
    assertLimited(gateway.get("/shelves"), "calls.address", 3);
    assertThat(gateway.exchanges()).isEqualTo(3);
  }

  @Test
  void whoIsKnownIsServedWhereStrangersAreNotAnyMore() {
    limit("calls.address=3");
    var token = FakeAccess.token(caller("known"));
    assertThat(get(token).statusCode()).isEqualTo(200);
    assertThat(gateway.get("/shelves").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/shelves").statusCode()).isEqualTo(200);
    assertLimited(gateway.get("/shelves"), "calls.address", 3);

    for (int i = 0; i < 10; i++) {
      assertThat(get(token).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whileNobodyTellsTheKeysKnownTokensGoOnAndOthersAreStrangers() {
    var stranger = FakeAccess.token(caller("stranger"));
    limit("calls.address=2;calls.key=5", "ACCESS_TARGET", "static:127.0.0.1:1");

    assertThat(get(stranger).statusCode()).isEqualTo(200);
    assertThat(get(stranger).statusCode()).isEqualTo(200);
    assertLimited(get(stranger), "calls.address", 2);
  }

  @Test
  void aProxyIsBelievedOnlyWhereItIsTrusted() {
    limit("calls.address=1");
    assertThat(from("203.0.113.1").statusCode()).isEqualTo(200);
    assertLimited(from("203.0.113.2"), "calls.address", 1);

    limit("calls.address=1", "TRUSTED_PROXIES", "127.0.0.0/8,10.0.0.0/8");
    assertThat(from("203.0.113.1").statusCode()).isEqualTo(200);
    assertThat(from("203.0.113.2, 10.1.2.3").statusCode()).isEqualTo(200);
    assertLimited(from("203.0.113.2"), "calls.address", 1);
    // What the client itself wrote stands before what the proxy saw.
    assertLimited(from("198.51.100.7, 203.0.113.1"), "calls.address", 1);
  }

  private HttpResponse<String> from(String forwarded) {
    return gateway.send(gateway.request("/shelves").header("X-Forwarded-For", forwarded));
  }

  @Test
  void overGrpcTheSameIsToldWithTheSameDetails() {
    limit("calls.user=1");
    var headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + FakeAccess.token(caller("grpc")));
    var notes =
        NoteServiceGrpc.newBlockingStub(gateway.channel())
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    var request = GetNoteRequest.newBuilder().setNoteId("5").build();
    assertThat(notes.getNote(request).getId()).isEqualTo("5");

    var refused =
        Assertions.catchThrowableOfType(StatusRuntimeException.class, () -> notes.getNote(request));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    var status = StatusProto.fromThrowable(refused);
    assertThat(status.getDetailsList()).extracting(Any::getTypeUrl).hasSize(2);
    assertThat(unpack(status.getDetails(0), ErrorInfo.class).getReason()).isEqualTo("RATE_LIMITED");
    assertThat(unpack(status.getDetails(1), RetryInfo.class).getRetryDelay().getSeconds())
        .isBetween(1L, 60L);
  }

  private static <M extends Message> M unpack(Any any, Class<M> type) {
    try {
      return any.unpack(type);
    } catch (InvalidProtocolBufferException damaged) {
      throw new AssertionError(damaged);
    }
  }

  @Test
  void overGrpcWebTooAndPagesMayReadIt() throws Exception {
    limit("calls.user=1", "CORS_ORIGINS", "https://app.example.com");
    var token = FakeAccess.token(caller("web"));
    get(token);

    var refused =
        gateway.send(
            gateway
                .request("/notebook.v1.NoteService/GetNote")
                .header("Content-Type", "application/grpc-web+proto")
                .header("Origin", "https://app.example.com")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofByteArray(new byte[5])));

    assertThat(refused.statusCode()).isEqualTo(200);
    assertThat(refused.headers().firstValue("grpc-status")).hasValue("8");
    var details = refused.headers().firstValue("grpc-status-details-bin").orElseThrow();
    var status = com.google.rpc.Status.parseFrom(Base64.getDecoder().decode(details));
    assertThat(unpack(status.getDetails(0), ErrorInfo.class).getMetadataMap())
        .containsEntry("limit", "calls.user");
    assertThat(refused.headers().firstValue("ratelimit")).isPresent();
    assertThat(refused.headers().firstValue("access-control-expose-headers").orElseThrow())
        .contains("RateLimit, RateLimit-Policy");
  }

  @Test
  void streamsAreCountedWhileTheyAreOpen() {
    limit("streams.user=2");
    var token = FakeAccess.token(caller("watcher"));
    var first = watch(token);
    var second = watch(token);
    gateway.feed().next();
    gateway.feed().next();

    var refused =
        gateway.send(
            gateway
                .request("/v1/notes/n-1:watch")
                .header("Accept", "text/event-stream")
                .header("Authorization", "Bearer " + token));
    assertLimited(refused, "streams.user", 2);
    assertThat(get(token).statusCode()).isEqualTo(200);

    first.cancel(true);
    Await.until("a stream may be opened again", () -> briefly(token).statusCode() == 200);
    second.cancel(true);
  }

  /// A stream that ends by itself.
  private HttpResponse<String> briefly(String token) {
    return gateway.send(
        gateway.request("/v1/notes:watch").header("Authorization", "Bearer " + token));
  }

  private CompletableFuture<HttpResponse<String>> watch(String token) {
    return gateway.exchangeLater(
        gateway
            .request("/v1/notes/n-1:watch")
            .header("Accept", "text/event-stream")
            .header("Authorization", "Bearer " + token));
  }

  @Test
  void watchesHaveAClassOfTheirOwn() {
    limit("calls.user=1;watches.user=2");
    var token = FakeAccess.token(caller("both"));
    assertThat(get(token).statusCode()).isEqualTo(200);
    assertLimited(get(token), "calls.user", 1);

    for (int i = 0; i < 2; i++) {
      watch(token);
      gateway.feed().next().end();
    }
    assertLimited(watch(token).join(), "watches.user", 2);
  }
}
