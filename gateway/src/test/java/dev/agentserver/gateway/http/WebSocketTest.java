package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.kit.test.Await;
import dev.agentserver.test.notebook.FailRequest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Streams by WebSocket, with the JDK's own client.
class WebSocketTest {
  private TestGateway gateway;
  private HttpClient http;

  @BeforeEach
  void start() {
    gateway =
        new TestGateway(
            Map.of("MAX_BODY_BYTES", "65536", "CORS_ORIGINS", "https://app.example.com"));
    http = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    gateway.close();
  }

  /// What comes, as texts: messages, "ping", "pong …", "close …", "broken".
  private static final class Inbox implements WebSocket.Listener {
    private final BlockingQueue<String> inbox = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        inbox.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer content) {
      inbox.add("ping");
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer content) {
      inbox.add("pong " + StandardCharsets.UTF_8.decode(content));
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      inbox.add("close " + code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable broken) {
      inbox.add("broken");
    }

    String next() throws InterruptedException {
      var next = inbox.poll(20, TimeUnit.SECONDS);
      assertThat(next).as("the next of the socket").isNotNull();
      return next;
    }
  }

  private WebSocket open(String path, Inbox inbox, String... headers) {
    var builder = http.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    return builder
        .buildAsync(URI.create("ws://127.0.0.1:" + gateway.gateway().port() + path), inbox)
        .join();
  }

  private static void say(WebSocket socket, String text) {
    socket.sendText(text, true).join();
  }

  @Test
  void messagesGoBothWays() throws Exception {
    var inbox = new Inbox();
    var socket = open("/v1/chat", inbox);
    for (int i = 0; i < 3; i++) {
      say(socket, "{\"number\":" + i + "}");
      assertThat(inbox.next()).isEqualTo("{\"data\":\"\",\"number\":" + i + "}");
    }
    socket.sendText("{\"num", false).join();
    socket.sendText("ber\":", false).join();
    socket.sendText("7}", true).join();
    assertThat(inbox.next()).contains("\"number\":7");

    say(socket, "");
    assertThat(inbox.next()).isEqualTo("close 1000");
  }

  @Test
  void aStreamThatIsReadNeedsNoMessage() throws Exception {
    var inbox = new Inbox();
    open("/v1/notes/n-1:watch?after_seq=4", inbox, "Authorization", "Bearer some.jwt.token");
    var watch = gateway.feed().next();
    assertThat(watch.request().getAfterSeq()).isEqualTo(4);
    watch.renamed(5, "one");
    assertThat(inbox.next()).isEqualTo("{\"seq\":\"5\",\"renamed\":\"one\"}");
    watch.end();
    assertThat(inbox.next()).isEqualTo("close 1000");
  }

  @Test
  void aStreamThatIsPostedTakesOneMessage() throws Exception {
    var inbox = new Inbox();
    var socket = open("/v1/notes/n-1:follow", inbox, "Authorization", "Bearer some.jwt.token");
    say(socket, "{\"labels\":[\"a\"]}");
    var watch = gateway.feed().next();
    assertThat(watch.request().getLabelsList()).containsExactly("a");
    assertThat(watch.request().getNoteId()).isEqualTo("n-1");

    say(socket, "{}");
    assertThat(inbox.next()).contains("\"error\":{\"code\":3", "after the last");
    assertThat(inbox.next()).isEqualTo("close 1011");
    watch.awaitCancelled();
  }

  @Test
  void anUploadIsAnsweredOnce() throws Exception {
    var inbox = new Inbox();
    var socket = open("/v1/upload/7", inbox);
    say(socket, "{\"data\":\"aGk=\"}");
    say(socket, "{\"number\":7}");
    say(socket, "");
    assertThat(inbox.next()).isEqualTo("{\"data\":\"\",\"number\":2}");
    assertThat(inbox.next()).isEqualTo("close 1000");
  }

  @Test
  void aFailureIsTheLastMessage() throws Exception {
    var inbox = new Inbox();
    open("/v1/notes/n-1:watch", inbox, "Authorization", "Bearer some.jwt.token");
    var watch = gateway.feed().next();
    watch.fail(FailRequest.newBuilder().setCode(9).setMessage("not now").build());

    assertThat(inbox.next()).startsWith("{\"error\":{\"code\":9,\"message\":\"not now\"");
    assertThat(inbox.next()).isEqualTo("close 1011");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"nummer\":1}|nummer",
        "[]|\"code\":3",
        "{|\"code\":3",
        "{\"number\":1}x|\"code\":3"
      })
  void whatIsNoMessageIsRefused(String text, String why) throws Exception {
    var inbox = new Inbox();
    say(open("/v1/chat", inbox), text);

    assertThat(inbox.next()).startsWith("{\"error\":").contains(why);
    assertThat(inbox.next()).isEqualTo("close 1011");
    gateway.awaitCancelled();
  }

  @Test
  void aMessageHasALimitInWhateverFramesItComes() throws Exception {
    var inbox = new Inbox();
    say(open("/v1/chat", inbox), "\"" + "x".repeat(70_000) + "\"");
    assertThat(inbox.next()).contains("TOO_LARGE");

    var inFrames = new Inbox();
    var socket = open("/v1/chat", inFrames);
    socket.sendText("\"" + "x".repeat(40_000), false).join();
    socket.sendText("x".repeat(40_000), false).join();
    assertThat(inFrames.next()).contains("TOO_LARGE");
  }

  @Test
  void textsOnlyAreMessages() throws Exception {
    var inbox = new Inbox();
    open("/v1/chat", inbox).sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();

    assertThat(inbox.next()).contains("is binary");
    assertThat(inbox.next()).isEqualTo("close 1011");
  }

  @Test
  void pingsAreAnsweredAlsoInTheMiddleOfAMessage() throws Exception {
    var inbox = new Inbox();
    var socket = open("/v1/chat", inbox);
    socket.sendText("{\"number\"", false).join();
    socket.sendPing(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8))).join();
    assertThat(inbox.next()).isEqualTo("pong hello");
    socket.sendText(":1}", true).join();
    assertThat(inbox.next()).contains("\"number\":1");
  }

  @Test
  void aSilentSocketIsPinged() throws Exception {
    try (var beating = new TestGateway(Map.of("GATEWAY_HEARTBEAT", "200ms"))) {
      gateway.close();
      gateway = beating;
      var inbox = new Inbox();
      open("/v1/chat", inbox);
      assertThat(inbox.next()).isEqualTo("ping");
      assertThat(inbox.next()).isEqualTo("ping");
    }
  }

  @Test
  void closingEndsTheCall() throws Exception {
    var inbox = new Inbox();
    var socket = open("/v1/chat", inbox);
    say(socket, "{}");
    inbox.next();
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();

    gateway.awaitCancelled();
    assertThat(inbox.next()).isEqualTo("close 1000");
  }

  @Test
  void hangingUpEndsTheCall() throws Exception {
    var inbox = new Inbox();
    var socket = open("/v1/chat", inbox);
    say(socket, "{}");
    inbox.next();
    socket.abort();

    gateway.awaitCancelled();
  }

  private int refusal(String path, String... headers) {
    try {
      open(path, new Inbox(), headers);
      throw new AssertionError("it was opened");
    } catch (CompletionException refused) {
      return ((WebSocketHandshakeException) refused.getCause()).getResponse().statusCode();
    }
  }

  @Test
  void whoMayNotOpenItIsToldBefore() {
    assertThat(refusal("/v1/notes/n-1:watch")).isEqualTo(401);
    assertThat(refusal("/v1/notes/n-1:watch", "X-API-Key", TestGateway.REFUSED_KEY)).isEqualTo(401);
    assertThat(refusal("/v1/nothing")).isEqualTo(404);
    assertThat(refusal("/v1/notes", "Authorization", "Bearer some.jwt.token")).isEqualTo(404);
    assertThat(refusal("/v1/show")).isEqualTo(404);
    assertThat(refusal("/v1/notes/n-1:watch?colour=1", "X-API-Key", TestGateway.KEY))
        .isEqualTo(400);
  }

  @Test
  void aTicketOpensItsStream() throws Exception {
    var inbox = new Inbox();
    open(TestGateway.TICKET.getPath() + "?ticket=" + TestGateway.TICKET.getTicket(), inbox);
    gateway.feed().next().end();
    assertThat(inbox.next()).isEqualTo("close 1000");

    assertThat(refusal("/v1/notes/n-2:watch?ticket=" + TestGateway.TICKET.getTicket()))
        .isEqualTo(401);
  }

  private String handshake(String... headers) throws IOException {
    try (var socket = new Socket("127.0.0.1", gateway.gateway().port())) {
      socket.setSoTimeout(20_000);
      var head =
          "GET /v1/chat HTTP/1.1\r\nHost: gw.example.com\r\nUpgrade: websocket\r\n"
              + "Connection: keep-alive, Upgrade\r\n"
              + String.join("\r\n", headers)
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://app.example.com, 101",
    "http://localhost:5173, 101",
    "http://gw.example.com, 101",
    "https://evil.example.com, 403",
    "null, 403"
  })
  void onlyPagesThatMayCallOpenIt(String origin, String status) throws IOException {
    assertThat(
            handshake(
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Origin: " + origin))
        .endsWith(status);
  }

  @Test
  void aHandshakeThatIsNoneIsRefused() throws IOException {
    var key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    assertThat(handshake("Sec-WebSocket-Version: 13", "X: y")).endsWith("400");
    assertThat(handshake("Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: abc")).endsWith("400");
    assertThat(handshake("Sec-WebSocket-Version: 8", key)).endsWith("426");
  }

  @Test
  void modeEnvoyHasNone() {
    try (var envoy = new TestGateway(Map.of("GATEWAY_MODE", "envoy"))) {
      gateway.close();
      gateway = envoy;
      assertThat(refusal("/v1/chat")).isEqualTo(400);
    }
  }

  @Test
  void aStopIsTold() throws Exception {
    var inbox = new Inbox();
    open("/v1/chat", inbox);
    Thread.ofVirtual().start(() -> gateway.gateway().close());

    assertThat(inbox.next()).contains("\"code\":14", "UNAVAILABLE");
    assertThat(inbox.next()).isEqualTo("close 1011");
  }

  @Test
  void otherRequestsStayWhatTheyAre() {
    assertThat(gateway.get("/v1/download?count=1&size=1").statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> open("/v1/hang", new Inbox())).isInstanceOf(CompletionException.class);
    Await.until("the page", () -> gateway.get("/livez").statusCode() == 200);
  }
}
