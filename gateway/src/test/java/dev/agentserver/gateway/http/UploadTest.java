package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.kit.test.Await;
import dev.agentserver.test.bookstore.CreateShelfRequest;
import dev.agentserver.test.notebook.Chunk;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A client's stream as a JSON array, or as lines.
class UploadTest {
  private static final String LINES = "application/x-ndjson";
  private static final String JSON = "application/json";

  private TestGateway gateway;

  @BeforeEach
  void start() {
    gateway = new TestGateway(Map.of("MAX_BODY_BYTES", "65536"));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private HttpResponse<String> post(String path, String type, String body) {
    return gateway.send(
        gateway.request(path).POST(BodyPublishers.ofString(body)).header("Content-Type", type));
  }

  /// A request whose body is written by hand, piece by piece.
  private Socket begin(String path) throws IOException {
    var socket = new Socket("127.0.0.1", gateway.gateway().port());
    socket.setSoTimeout(20_000);
    var head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
            + "Content-Type: application/json\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static void chunk(Socket socket, String piece) throws IOException {
    var frame = Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n";
    socket.getOutputStream().write(frame.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void everyElementIsAMessage() {
    var answer = post("/v1/upload", JSON, "[{\"number\":1,\"data\":\"aGk=\"},{\"number\":2}, {}]");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"data\":\"\",\"number\":2}");
    assertThat(gateway.recorder().messages())
        .extracting(message -> ((Chunk) message).getNumber())
        .containsExactly(1, 2, 0);
  }

  @Test
  void everyLineIsAMessage() {
    var answer = post("/v1/upload", LINES, "{\"number\":1}\n\n{\"number\":2}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(gateway.recorder().messages())
        .extracting(message -> ((Chunk) message).getNumber())
        .containsExactly(1, 2);
  }

  @Test
  void elementsOfOneFieldAreItsValues() {
    assertThat(post("/v1/upload/7/data", JSON, "[\"aGk=\", \"eW91\"]").statusCode()).isEqualTo(200);
    assertThat(gateway.recorder().messages())
        .extracting(message -> ((Chunk) message).getData().toStringUtf8())
        .containsExactly("hi", "you");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[]|" + JSON, "''|" + JSON, "''|" + LINES})
  void nothingIsNoMessage(String body, String type) {
    var answer = post("/v1/upload", type, body);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(gateway.received()).isZero();
  }

  @Test
  void eachMessageGoesOnWhenItsLastByteIsThere() throws IOException {
    try (var socket = begin("/v1/upload")) {
      for (var letter : "[{\"number\":1}".split("")) {
        chunk(socket, letter);
      }
      Await.until("the first message", () -> gateway.received() == 1);
      chunk(socket, ",{\"number\":2},{\"nu");
      Await.until("the second message", () -> gateway.received() == 2);
      chunk(socket, "mber\":3}]");
      Await.until("the third message", () -> gateway.received() == 3);
      socket.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      var head = new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII);
      assertThat(head).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"number\":1}|is not a JSON array",
        "[{\"number\":1}{\"number\":2}]|has no comma",
        "[{\"number\":1},]|has no element",
        "[{\"number\":1}|ends inside",
        "[{\"number\":1}, {\"nummer\":2}]|nummer",
        "[{\"number\":\"x\"}]|number"
      })
  void whatIsNoArrayOfMessagesIsRefused(String body, String why) {
    var answer = post("/v1/upload", JSON, body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("INVALID_ARGUMENT", why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "multipart/form-data; boundary=x", "application/xml"})
  void anotherContentTypeIsRefused(String type) {
    assertThat(post("/v1/upload", type, "[]").statusCode()).isEqualTo(415);
  }

  @Test
  void aMessageHasALimitAndTheStreamHasNone() {
    var element = "{\"data\":\"" + "A".repeat(60_000) + "\"}";
    var whole = post("/v1/upload", JSON, "[" + (element + ",").repeat(99) + element + "]");
    assertThat(whole.body()).isEqualTo("{\"data\":\"\",\"number\":4500000}");

    var large = post("/v1/upload", JSON, "[{\"data\":\"" + "A".repeat(70_000) + "\"}]");
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(large.body()).contains("TOO_LARGE");
  }

  @Test
  void whatThePathBindsIsInTheFirstMessageAndNoneMayContradictIt() {
    assertThat(post("/v1/upload/7", JSON, "[{\"data\":\"aGk=\"},{},{\"number\":7}]").statusCode())
        .isEqualTo(200);
    assertThat(gateway.recorder().messages())
        .extracting(message -> ((Chunk) message).getNumber())
        .containsExactly(7, 0, 7);

    var refused = post("/v1/upload/7", JSON, "[{\"number\":7},{},{\"number\":8}]");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("has one value in the path and another in the body");
    assertThat(post("/v1/upload/7?number=8", JSON, "[]").statusCode()).isEqualTo(400);
    assertThat(post("/v1/upload?colour=8", JSON, "[]").statusCode()).isEqualTo(400);
  }

  @Test
  void aSlowServiceHoldsTheClientBack() throws Exception {
    var written = new AtomicLong();
    try (var socket = begin("/v1/upload")) {
      chunk(socket, "[{\"number\":-1}");
      gateway.awaitHanging();
      Thread.ofVirtual().start(() -> writeOn(socket, written));
      var before = new AtomicLong(-1);
      var quiet = new AtomicLong(System.nanoTime());
      Await.until(
          "the client is held back",
          () -> {
            if (before.getAndSet(written.get()) != written.get()) {
              quiet.set(System.nanoTime());
            }
            return written.get() > 0 && System.nanoTime() - quiet.get() > 500_000_000L;
          });
      assertThat(written.get()).isLessThan(48L * 1024 * 1024);

      var stood = written.get();
      gateway.release();
      Await.until("the client goes on", () -> written.get() > stood + 8L * 1024 * 1024);
    }
    gateway.awaitCancelled();
  }

  /// Writes until the connection is closed.
  private static void writeOn(Socket socket, AtomicLong written) {
    var element = ",{\"data\":\"" + "A".repeat(32 * 1024) + "\"}";
    try {
      while (true) {
        chunk(socket, element);
        written.addAndGet(element.length());
      }
    } catch (IOException closed) {
      // As it is meant to be.
    }
  }

  @Test
  void aClientThatGoesAwayCancelsTheCall() throws Exception {
    try (var socket = begin("/v1/upload")) {
      chunk(socket, "[{\"number\":1}");
      Await.until("the message", () -> gateway.received() == 1);
    }

    gateway.awaitCancelled();
  }

  @Test
  void whoSendsNothingIsNotWaitedForForEver() throws Exception {
    try (var impatient = new TestGateway(Map.of("HTTP_STALL", "2s"))) {
      gateway.close();
      gateway = impatient;
      try (var socket = begin("/v1/upload")) {
        chunk(socket, "[{\"number\":1}");
        assertThat(socket.getInputStream().readNBytes(13)).asString().isEqualTo("HTTP/1.1 408 ");
      }
      gateway.awaitCancelled();
    }
  }

  @Test
  void aServiceThatDoesNotAnswerIsNotWaitedForForEver() throws Exception {
    try (var impatient = new TestGateway(Map.of("HTTP_STALL", "300ms"))) {
      gateway.close();
      gateway = impatient;
      assertThat(post("/v1/upload", JSON, "[{\"number\":-1}]").statusCode()).isEqualTo(504);
    }
  }

  @Test
  void aClientMaySayHowLongItWillWait() {
    var answer =
        gateway.send(
            gateway
                .request("/v1/upload")
                .POST(BodyPublishers.ofString("[{\"number\":-1}]"))
                .header("Content-Type", JSON)
                .header("X-Server-Timeout", "0.2"));
    assertThat(answer.statusCode()).isEqualTo(504);
  }

  @Test
  void aRefusalOfTheServiceIsToldWhileTheClientSends() throws Exception {
    try (var socket = begin("/v1/upload")) {
      chunk(socket, "[{\"number\":-2}");
      assertThat(socket.getInputStream().readNBytes(13)).asString().isEqualTo("HTTP/1.1 409 ");
    }
  }

  @Test
  void manyInAndManyOut() {
    var answer =
        post("/bulk/shelves", JSON, "[{\"theme\":\"Classic\"}, {\"theme\":\"Fiction\"},{}]");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .startsWith("[{\"id\":\"0\",\"theme\":\"Classic\"")
        .contains(",{\"id\":\"0\",\"theme\":\"Fiction\"")
        .endsWith("}]");
    assertThat(gateway.recorder().messages())
        .extracting(message -> ((CreateShelfRequest) message).getShelf().getTheme())
        .containsExactly("Classic", "Fiction", "");
    assertThat(post("/bulk/shelves", JSON, "[]").body()).isEqualTo("[]");
  }
}
