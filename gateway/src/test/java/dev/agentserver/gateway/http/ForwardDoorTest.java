package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import dev.agentserver.gateway.Gateway;
import dev.agentserver.gateway.GatewayConfig;
import dev.agentserver.gateway.test.Attic;
import dev.agentserver.gateway.test.FakeAccess;
import dev.agentserver.gateway.test.TestContracts;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.test.Await;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

class ForwardDoorTest {
  private static final String TOKEN = "Bearer some.jwt.token";

  private static Attic attic;
  private static TestGateway gateway;
  private static WebClient client;

  @BeforeAll
  static void open() {
    attic = new Attic();
    gateway = new TestGateway(Map.of("HTTP_UPSTREAMS", attic.target(), "HTTP_STALL", "1h"));
    client = client(gateway);
  }

  private static WebClient client(TestGateway to) {
    return WebClient.builder("http://127.0.0.1:" + to.gateway().port())
        .responseTimeoutMillis(0)
        .maxResponseLength(0)
        .build();
  }

  @AfterAll
  static void close() {
    gateway.close();
    attic.close();
  }

  @Test
  void aRequestGoesOnAsItIsWithTheTokenOfItsKey() throws Exception {
    var answer =
        gateway.send(
            gateway
                .request("/attic/a%2Fb/c%20d?x=1&x=%2B&ticket")
                .method("PATCH", BodyPublishers.ofString("data"))
                .header("X-API-Key", TestGateway.KEY)
                .header("X-Tenant-Id", "forged")
                .header("X-Forwarded-For", "forged")
                .header("Cookie", "session=1")
                .header("Upload-Offset", "7")
                .header("Content-Type", "application/offset+octet-stream"));

    assertThat(answer.statusCode()).isEqualTo(204);
    var sent = attic.next();
    assertThat(sent.method()).isEqualTo(HttpMethod.PATCH);
    assertThat(sent.path()).isEqualTo("/attic/a%2Fb/c%20d?x=1&x=%2B&ticket");
    assertThat(FakeAccess.credential(sent.get("authorization"))).isEqualTo(TestGateway.KEY);
    assertThat(sent.get("upload-offset")).isEqualTo("7");
    assertThat(sent.get("content-type")).isEqualTo("application/offset+octet-stream");
    assertThat(sent.get("content-length")).isEqualTo("4");
    assertThat(sent.get("x-forwarded-for")).isEqualTo("127.0.0.1");
    assertThat(sent.get("x-request-id"))
        .isEqualTo(answer.headers().firstValue("x-request-id").orElseThrow());
    assertThat(sent.names())
        .noneMatch(name -> name.toString().matches("cookie|x-tenant-id|x-api-key"));
  }

  @Test
  void aDoorMayBeOneRouteAmongThoseOfMethods() throws Exception {
    var sent =
        gateway.send(
            gateway
                .request("/v1/notes/7/drawing")
                .header("X-API-Key", TestGateway.KEY)
                .header("Range", "bytes=0-1"));
    assertThat(sent.statusCode()).isEqualTo(204);
    assertThat(attic.next().get("range")).isEqualTo("bytes=0-1");
    assertThat(gateway.get("/v1/notes/7/drawing").statusCode()).isEqualTo(401);
    assertThat(attic.arrived()).isZero();
  }

  @Test
  void withoutACredentialOnlyAPublicDoorIsOpen() throws Exception {
    var refused = gateway.get("/attic/thing");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("\"UNAUTHENTICATED\"");
    assertThat(attic.arrived()).isZero();

    assertThat(gateway.get("/gallery/v1/thing").statusCode()).isEqualTo(204);
    assertThat(attic.next().contains("authorization")).isFalse();

    var key = gateway.request("/gallery/v1/thing").header("X-API-Key", TestGateway.REFUSED_KEY);
    assertThat(gateway.send(key).statusCode()).isEqualTo(401);
    assertThat(attic.arrived()).isZero();
  }

  @Test
  void piecesGoBothWaysWhileTheRequestIsOpenAndTrailersFollow() throws Exception {
    var request =
        HttpRequest.streaming(
            RequestHeaders.builder(HttpMethod.POST, "/attic/echo")
                .add("authorization", TOKEN)
                .build());
    var split = client.execute(request).split();
    var headers = split.headers().get(10, TimeUnit.SECONDS);
    assertThat(headers.status()).isEqualTo(HttpStatus.CREATED);
    assertThat(headers.get("location")).isEqualTo("/attic/made");
    assertThat(headers.get("x-custom")).isEqualTo("kept");
    assertThat(headers.names())
        .noneMatch(name -> name.toString().matches("set-cookie|connection|access-control-.*"));
    var pieces = new Pieces();
    split.body().subscribe(pieces);

    for (var piece : new String[] {"one", "two", "three"}) {
      request.write(HttpData.ofUtf8(piece));
      assertThat(pieces.next()).isEqualTo(piece);
    }
    request.close();

    assertThat(split.trailers().get(10, TimeUnit.SECONDS).get("x-bytes")).isEqualTo("11");
    attic.next();
  }

  @Test
  void aFormWithAFileGoesOnAsItIs() throws Exception {
    var form =
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n"
            + "bytes ".repeat(100_000)
            + "\r\n--x--\r\n";
    var answer =
        gateway.send(
            gateway
                .request("/attic/echo")
                .POST(BodyPublishers.ofString(form))
                .header("Authorization", TOKEN)
                .header("Content-Type", "multipart/form-data; boundary=x"));

    assertThat(answer.body()).isEqualTo(form);
    assertThat(attic.next().get("content-type")).isEqualTo("multipart/form-data; boundary=x");
  }

  @Test
  void rangesAndPreconditionsAreTheServices() throws Exception {
    var part = gateway.request("/attic/part").header("Authorization", TOKEN);
    var answer = gateway.send(part.copy().header("Range", "bytes=2-4"));
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.body()).isEqualTo("234");
    assertThat(answer.headers().firstValue("content-range")).contains("bytes 2-4/10");

    answer = gateway.send(part.copy().header("If-None-Match", "\"v1\""));
    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(answer.headers().firstValue("etag")).contains("\"v1\"");

    answer = gateway.send(part.copy().method("HEAD", BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    for (var i = 0; i < 3; i++) {
      attic.next();
    }
  }

  @Test
  void aTicketOpensWhatIsReadAtItsPathAndNothingElse() throws Exception {
    var ticket = "?ticket=" + TestGateway.TICKET.getTicket();
    assertThat(gateway.get(TestGateway.DOOR + ticket + "&a=b").statusCode()).isEqualTo(204);
    var sent = attic.next();
    assertThat(sent.path()).isEqualTo(TestGateway.DOOR + "?a=b");
    assertThat(FakeAccess.credential(sent.get("authorization"))).isEqualTo(FakeAccess.TICKET);

    assertThat(gateway.get("/attic/thing" + ticket + "&a=b").statusCode()).isEqualTo(401);

    var posted = gateway.request(TestGateway.DOOR + ticket).POST(BodyPublishers.ofString("x"));
    assertThat(gateway.send(posted).statusCode()).isEqualTo(401);
    assertThat(attic.arrived()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/attic/../v1/notes",
        "/attic/a/%2e%2E/b",
        "/attic/.%2e/b",
        "/attic/a%2f..%2fb",
        "/attic/./b",
        "/attic/..%5cb"
      })
  void aPathThatClimbsIsRefused(String path) throws Exception {
    assertThat(raw(path)).startsWith("HTTP/1.1 400 ");
    assertThat(attic.arrived()).isZero();
  }

  @Test
  void whoDoesNotReadHoldsTheServiceBack() throws Exception {
    var response =
        gateway.exchange(
            gateway.request("/attic/endless").header("Authorization", TOKEN),
            BodyHandlers.ofInputStream());
    try (var body = response.body()) {
      body.readNBytes(1_000_000);
      var stands = new long[] {-1};
      Await.until(
          "the service is held back",
          () -> {
            var before = stands[0];
            stands[0] = attic.produced();
            return before == stands[0];
          });
      assertThat(attic.produced()).isBetween(1_000_000L, 64L * 1024 * 1024);
      body.readNBytes(32 * 1024 * 1024);
      assertThat(attic.produced()).isGreaterThan(32L * 1024 * 1024);
    }
    attic.next();
    attic.awaitCut("/attic/endless");
  }

  @Test
  void aServiceThatBreaksOffCutsTheConnection() throws Exception {
    assertThatThrownBy(
            () -> gateway.send(gateway.request("/attic/broken").header("Authorization", TOKEN)))
        .hasRootCauseInstanceOf(IOException.class);
    attic.next();
  }

  @Test
  void aServiceThatIsAwayIsToldInTheShapeOfEveryFault() {
    var away = new Attic();
    var target = away.target();
    away.close();
    try (var alone = new TestGateway(Map.of("HTTP_UPSTREAMS", target))) {
      var answer = alone.send(alone.request("/attic/thing").header("Authorization", TOKEN));
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("retry-after")).isPresent();
      assertThat(answer.body()).contains("\"UNAVAILABLE\"");
    }
  }

  @Test
  void anExchangeThatCarriesNothingIsCut() throws Exception {
    try (var impatient =
        new TestGateway(Map.of("HTTP_UPSTREAMS", attic.target(), "HTTP_STALL", "2s"))) {
      var answer =
          impatient.send(impatient.request("/attic/silent").header("Authorization", TOKEN));
      assertThat(answer.statusCode()).isEqualTo(504);
      attic.next();
      attic.awaitCut("/attic/silent");
    }
  }

  @Test
  void anUpstreamWithoutADoorStopsTheStart() {
    var upstreams = "bookstore=static:127.0.0.1:1;notebook=static:127.0.0.1:1";
    assertThatThrownBy(
            () ->
                Gateway.start(
                    GatewayConfig.from(
                        Environment.of(
                            Map.of(
                                "PORT", "0",
                                "ADMIN_PORT", "0",
                                "DESCRIPTOR_SET", TestContracts.file().toString(),
                                "UPSTREAMS", upstreams,
                                "HTTP_UPSTREAMS", "bookstore=static:127.0.0.1:1")))))
        .hasMessageContaining("HTTP_UPSTREAMS names bookstore");
  }

  private static String raw(String path) throws IOException {
    try (var socket = new Socket("127.0.0.1", gateway.gateway().port())) {
      var head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + TOKEN;
      socket.getOutputStream().write((head + "\r\nConnection: close\r\n\r\n").getBytes("US-ASCII"));
      return new String(socket.getInputStream().readAllBytes(), "US-ASCII");
    }
  }

  /// Takes pieces one by one.
  private static final class Pieces implements Subscriber<HttpData> {
    private Subscription subscription;
    private CompletableFuture<String> piece = new CompletableFuture<>();

    @Override
    public synchronized void onSubscribe(Subscription given) {
      subscription = given;
      given.request(1);
    }

    @Override
    public void onNext(HttpData data) {
      piece.complete(data.toStringUtf8());
    }

    @Override
    public void onError(Throwable failure) {
      piece.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      piece.complete("the end");
    }

    String next() throws Exception {
      var got = piece.get(10, TimeUnit.SECONDS);
      piece = new CompletableFuture<>();
      subscription.request(1);
      return got;
    }
  }
}
