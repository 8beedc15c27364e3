package dev.agentserver.gateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.gateway.test.Http2;
import dev.agentserver.gateway.test.RawClient;
import dev.agentserver.gateway.test.TestGateway;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Headers that are too large, too many, or larger than they look.
class HeaderBombTest {
  private static final int LIMIT = 16 * 1024;

  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new TestGateway();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @AfterEach
  void othersAreServed() {
    assertThat(gateway.get("/shelves").statusCode()).isEqualTo(200);
  }

  private static String http1(String headers) throws EOFException {
    try (var client = new RawClient(gateway)) {
      return client.send("GET /shelves HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n").answer();
    }
  }

  private static String many(int count) {
    var headers = new StringBuilder();
    for (int i = 0; i < count; i++) {
      headers.append("x").append(i).append(": y\r\n");
    }
    return headers.toString();
  }

  @Test
  void aHeaderJustBelowTheLimitIsServedAndOneJustAboveIsNot() throws EOFException {
    assertThat(http1("X: " + "x".repeat(LIMIT - 400) + "\r\n")).startsWith("HTTP/1.1 200 ");
    assertThat(http1("X: " + "x".repeat(LIMIT) + "\r\n"))
        .startsWith("HTTP/1.1 431 ")
        .contains("\"reason\":\"TOO_LARGE\"");
  }

  @Test
  void manySmallHeadersAreALargeOne() throws EOFException {
    assertThat(http1(many(300))).startsWith("HTTP/1.1 200 ");
    assertThat(http1(many(500))).startsWith("HTTP/1.1 431 ");
    assertThat(http1(many(10_000))).startsWith("HTTP/1.1 431 ");
  }

  @Test
  void aLineWithoutEndEnds() {
    try (var client = new RawClient(gateway)) {
      client.send("GET /" + "a".repeat(1_000_000));
      assertThat(client.textToTheEnd()).startsWith("HTTP/1.1 414 ");
    }
    try (var client = new RawClient(gateway)) {
      client.send("GET / HTTP/1.1\r\nX: " + "a".repeat(1_000_000));
      assertThat(client.textToTheEnd()).startsWith("HTTP/1.1 431 ");
    }
  }

  @Test
  void trailersAreHeadersToo() throws EOFException {
    var chunked =
        "POST /shelf HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n";
    try (var client = new RawClient(gateway)) {
      var answer = client.send(chunked + many(100_000) + "\r\n").answer();

      assertThat(answer).startsWith("HTTP/1.1 4");
    }
  }

  @Test
  void overHttp2TheLimitIsTheSame() throws EOFException {
    try (var client = new Http2(gateway)) {
      assertThat(client.get(1, "/shelves", "x", "y".repeat(LIMIT - 400)).status()).isEqualTo(200);
      var large = Http2.request("GET", "/shelves", "x", "y".repeat(LIMIT));
      client.send(Http2.HEADERS, Http2.END_STREAM, 3, Arrays.copyOf(large, LIMIT));
      client.send(
          Http2.CONTINUATION, Http2.END_HEADERS, 3, Arrays.copyOfRange(large, LIMIT, large.length));
      assertThat(client.status()).isEqualTo(431);
      assertThat(client.get(5, "/shelves").status()).isEqualTo(200);
    }
  }

  /// One entry of the table is named again and again: a byte each, and each as large as the entry.
  @ParameterizedTest
  @ValueSource(ints = {100, 16_000})
  void aHeaderThatIsLargerThanItLooksIsMeasuredAsItIs(int times) throws EOFException {
    try (var client = new Http2(gateway)) {
      var bomb = new ByteArrayOutputStream();
      bomb.writeBytes(Http2.request("GET", "/shelves"));
      var entry = Http2.block("bomb", "y".repeat(3_000));
      entry[0] = 0x40;
      bomb.writeBytes(entry);
      bomb.writeBytes("\u00be".repeat(times).getBytes(StandardCharsets.ISO_8859_1));
      var block = bomb.toByteArray();
      var first = Math.min(block.length, LIMIT);
      client.send(Http2.HEADERS, Http2.END_STREAM, 1, Arrays.copyOf(block, first));
      client.send(
          Http2.CONTINUATION, Http2.END_HEADERS, 1, Arrays.copyOfRange(block, first, block.length));

      assertThat(refusal(client)).isIn(431, 0);
    }
  }

  /// The status, or 0 where the stream or the connection was given up instead.
  private static int refusal(Http2 client) {
    try {
      for (var frame = client.next(); ; frame = client.next()) {
        switch (frame.type()) {
          case Http2.HEADERS -> {
            return client.status(frame);
          }
          case Http2.GO_AWAY, Http2.RST_STREAM -> {
            return 0;
          }
          default -> {}
        }
      }
    } catch (EOFException _) {
      return 0;
    }
  }

  @Test
  void aHeaderThatNeverEndsIsGivenUp() {
    try (var client = new Http2(gateway)) {
      client.send(Http2.HEADERS, Http2.END_STREAM, 1, Http2.request("GET", "/shelves"));
      for (int i = 0; i < 10_000; i++) {
        client.send(Http2.CONTINUATION, 0, 1, new byte[0]);
      }

      assertThat(client.goAway()).isIn(11, -1);
    }
  }

  @Test
  void aLargeHeaderThatNeverEndsIsGivenUp() {
    try (var client = new Http2(gateway)) {
      client.send(Http2.HEADERS, Http2.END_STREAM, 1, Http2.request("GET", "/shelves"));
      var piece = Http2.block("x", "y".repeat(16_000));
      for (int i = 0; i < 1_000; i++) {
        client.send(Http2.CONTINUATION, 0, 1, piece);
      }

      assertThat(refusal(client)).isIn(431, 0);
    }
  }
}
