package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.gateway.test.OpenStream;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.kit.test.Await;
import dev.agentserver.test.notebook.FailRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How long streams last, and how fast they run.
class StreamFlowTest {
  private static final String EVENTS = "text/event-stream";
  private static final String WEBSOCKET = "websocket";
  private static final int CHUNK = 256 * 1024;

  private TestGateway gateway;

  private void start(String... environment) {
    gateway =
        new TestGateway(
            environment.length == 0 ? Map.of() : Map.of(environment[0], environment[1]));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private Socket ask(String path, String accept) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(64 * 1024);
    socket.connect(new InetSocketAddress("127.0.0.1", gateway.gateway().port()));
    var wish =
        accept.equals(WEBSOCKET)
            ? "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
            : "Accept: " + accept;
    var request = "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + wish + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /// Waits until the service has sent nothing for a while.
  private int awaitQuiet() {
    var since = new AtomicLong(System.nanoTime());
    var before = new AtomicLong(-1);
    Await.until(
        "the service to be held back",
        () -> {
          var sent = gateway.sent();
          if (before.getAndSet(sent) != sent) {
            since.set(System.nanoTime());
          }
          return sent > 0 && System.nanoTime() - since.get() > Duration.ofMillis(500).toNanos();
        });
    return gateway.sent();
  }

  @ParameterizedTest
  @ValueSource(strings = {EVENTS, "application/x-ndjson", "application/json", WEBSOCKET})
  void aClientThatDoesNotReadHoldsTheServiceBack(String accept) throws IOException {
    start();
    try (var socket = ask("/v1/download?count=150&size=" + CHUNK, accept)) {
      assertThat(awaitQuiet()).isLessThan(60);

      var input = socket.getInputStream();
      var buffer = new byte[64 * 1024];
      Await.until(
          "the service to go on",
          () -> {
            try {
              return input.read(buffer) > 0 && gateway.sent() >= 150;
            } catch (IOException broken) {
              throw new AssertionError(broken);
            }
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {EVENTS, "application/x-ndjson", "application/json", WEBSOCKET})
  void aClientThatGoesAwayCancelsTheCall(String accept) throws Exception {
    start();
    try (var socket = ask("/v1/download?count=100000&size=" + CHUNK, accept)) {
      assertThat(socket.getInputStream().read()).isPositive();
      // The head of an answer may come before the service knows of the call.
      Await.until("the service to answer", () -> gateway.sent() > 0);
    }

    gateway.awaitCancelled();
  }

  @Test
  void aClientThatGoesAwayBeforeTheFirstMessageCancelsTheCall() {
    start();
    var client =
        gateway.exchangeLater(
            gateway
                .request("/v1/notes/n-1:watch")
                .header("Accept", EVENTS)
                .header("Authorization", "Bearer a.b.c"));
    var watch = gateway.feed().next();

    client.cancel(true);

    watch.awaitCancelled();
  }

  @Test
  void aStreamOutlastsEveryTimeoutOfOtherCalls() {
    start("DEFAULT_DEADLINE", "200ms");
    var stream = gateway.open("/v1/notes/n-1:watch", EVENTS);
    var watch = gateway.feed().next();
    watch.renamed(1, "before");
    stream.block();
    stream.block();

    assertThat(gateway.get("/v1/hang").statusCode()).isEqualTo(504);

    watch.renamed(2, "after");
    assertThat(stream.block()).contains("id: 2");
    watch.end();
  }

  @Test
  void aSilentStreamOutlastsConnectionsThatCarryNothing() throws IOException {
    start("IDLE_TIMEOUT", "300ms");
    var stream = gateway.open("/v1/notes/n-1:watch", EVENTS);
    var watch = gateway.feed().next();
    watch.renamed(1, "before");
    stream.block();
    stream.block();

    try (var idle = ask("/livez", "*/*")) {
      assertThat(new String(idle.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .as("all until the gateway hangs up")
          .contains("200 OK");
    }

    watch.renamed(2, "after");
    assertThat(stream.block()).contains("id: 2");
    watch.end();
  }

  @Test
  void streamsRunOverHttp2Too() {
    start();
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      var stream =
          gateway.open(
              http,
              gateway
                  .request("/v1/notes/n-1:watch")
                  .header("Accept", "application/json")
                  .header("Authorization", "Bearer a.b.c"));
      var watch = gateway.feed().next();
      watch.renamed(1, "x");
      assertThat(stream.isHttp2()).isTrue();
      var first = "[{\"seq\":\"1\",\"renamed\":\"x\"}";
      assertThat(stream.read(first.length())).isEqualTo(first);
      watch.fail(FailRequest.newBuilder().setCode(9).setMessage("not now").build());

      assertThatThrownBy(stream::rest).isInstanceOf(UncheckedIOException.class);
      http.shutdownNow();
    }
  }

  @Test
  void aClientMaySayHowLongItWillWait() {
    start();
    var stream = gateway.open("/v1/notes/n-1:watch", EVENTS, "X-Server-Timeout", "2");
    gateway.feed().next().awaitCancelled();

    assertThat(stream.status()).isEqualTo(504);
  }

  @Test
  void aServiceThatIsGoneIsToldOf() {
    start();
    var stream = gateway.open("/v1/notes/n-1:watch", EVENTS);
    gateway.feed().next().renamed(1, "x");
    stream.block();
    stream.block();

    gateway.stopBackend();

    assertThat(stream.rest())
        .startsWith("event: error\ndata: {\"code\":14")
        .contains("\"reason\":\"UNAVAILABLE\"", "retry_delay");
  }

  @Test
  void streamsAreCounted() {
    start();
    var stream = gateway.open("/v1/notes/n-1:watch", EVENTS);
    var watch = gateway.feed().next();
    watch.renamed(1, "x");
    assertThat(stream.status()).isEqualTo(200);
    assertThat(openStreams()).isEqualTo("1.0");

    watch.end();
    stream.rest();
    Await.until("no streams", () -> openStreams().equals("0.0"));
  }

  private String openStreams() {
    var metrics =
        gateway.exchange(gateway.adminRequest("/metrics"), BodyHandlers.ofString()).body().lines();
    return metrics
        .filter(line -> line.startsWith("gateway_streams"))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst()
        .orElse("none");
  }

  @Test
  void manyMessagesComeWhole() {
    start();
    try (OpenStream stream =
        gateway.open("/v1/download?count=500&size=1000", "application/x-ndjson")) {
      for (int i = 0; i < 500; i++) {
        assertThat(stream.line()).contains("\"number\":" + i + "}");
      }
      assertThat(stream.line()).isNull();
    }
  }

  @Test
  void aWriteMayAnswerAStream() {
    start();
    var stream =
        gateway.open(
            gateway
                .request("/v1/notes/n-1:follow")
                .POST(BodyPublishers.ofString("{\"labels\":[\"a\"]}"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer a.b.c")
                .header("Accept", "application/x-ndjson"));
    var watch = gateway.feed().next();
    assertThat(watch.request().getLabelsList()).containsExactly("a");
    watch.renamed(1, "x");
    watch.end();

    assertThat(stream.rest()).contains("\"renamed\":\"x\"");
  }
}
