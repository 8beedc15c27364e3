package dev.agentserver.gateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.gateway.test.Http2;
import dev.agentserver.gateway.test.RawClient;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.kit.test.Await;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Connections that ask for more than they may, of what costs them nothing.
class FloodTest {
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final byte[] CANCEL = {0, 0, 0, 8};

  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        new TestGateway(
            Map.of(
                "MAX_CONNECTIONS", "20",
                "MAX_STREAMS_PER_CONNECTION", "10",
                "MAX_RESETS_PER_MINUTE", "100",
                "MAX_CONTROL_FRAMES_PER_MINUTE", "500"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @AfterEach
  void othersAreServed() {
    Await.until(
        "a normal request is served",
        () -> {
          try {
            return gateway.get("/shelves").statusCode() == 200;
          } catch (UncheckedIOException _) {
            return false;
          }
        });
  }

  private static byte[] many(int count, byte[]... frames) {
    var all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      for (var frame : frames) {
        all.writeBytes(frame);
      }
    }
    return all.toByteArray();
  }

  private static void resets(Http2 client, int from, int count) {
    var all = new ByteArrayOutputStream();
    var request = Http2.request("GET", "/v1/hang", "authorization", "Bearer some.jwt.token");
    for (int i = from; i < from + count; i++) {
      all.writeBytes(
          Http2.frame(Http2.HEADERS, Http2.END_HEADERS | Http2.END_STREAM, 2 * i + 1, request));
      all.writeBytes(Http2.frame(Http2.RST_STREAM, 0, 2 * i + 1, CANCEL));
    }
    client.raw().send(all.toByteArray());
  }

  @Test
  void requestsMayBeTakenBackButNotInAFlood() throws EOFException {
    try (var client = new Http2(gateway)) {
      client.agree();
      resets(client, 0, 90);
      assertThat(client.get(1001, "/shelves").status()).isEqualTo(200);
    }
    try (var client = new Http2(gateway)) {
      client.agree();
      resets(client, 0, 10_000);
      assertThat(client.goAway()).isIn(ENHANCE_YOUR_CALM, -1);
    }
    assertThat(gateway.get("/shelves").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"PING, 6, 8", "SETTINGS, 4, 0", "PRIORITY, 2, 5", "UNKNOWN, 77, 3"})
  void framesThatCarryNothingMayComeButNotInAFlood(String name, int type, int length)
      throws EOFException {
    var frame = Http2.frame(type, 0, type == 2 ? 3 : 0, new byte[length]);
    if (type == 2) {
      frame[9 + 3] = 5;
    }
    try (var client = new Http2(gateway)) {
      client.raw().send(many(400, frame));
      assertThat(client.get(1, "/shelves").status()).as(name).isEqualTo(200);
    }
    try (var client = new Http2(gateway)) {
      client.raw().send(many(20_000, frame));
      assertThat(client.goAway()).as(name).isIn(ENHANCE_YOUR_CALM, -1);
    }
  }

  @Test
  void emptyPiecesOfABodyAreAFloodToo() {
    try (var client = new Http2(gateway)) {
      client.send(Http2.HEADERS, Http2.END_HEADERS, 1, Http2.request("POST", "/shelf"));
      client.raw().send(many(20_000, Http2.frame(Http2.DATA, 0, 1, new byte[0])));
      assertThat(client.goAway()).isIn(ENHANCE_YOUR_CALM, -1);
    }
  }

  @Test
  void soManyRequestsRunOnAConnectionAndNoMore() throws EOFException {
    try (var client = new Http2(gateway)) {
      client.agree();
      for (int i = 0; i < 10; i++) {
        client.get(2 * i + 1, "/v1/hang", "authorization", "Bearer some.jwt.token");
      }
      client.get(21, "/shelves");
      var refused = client.next(Http2.RST_STREAM);
      assertThat(refused.stream()).isEqualTo(21);
      client.send(Http2.RST_STREAM, 0, 1, CANCEL);
      assertThat(client.get(23, "/shelves").status()).isEqualTo(200);
    }
  }

  @Test
  void whoDoesNotWantToKnowTheLimitIsHeldToIt() {
    try (var client = new Http2(gateway)) {
      for (int i = 0; i < 1_000; i++) {
        client.get(2 * i + 1, "/v1/hang", "authorization", "Bearer some.jwt.token");
      }
      assertThat(client.goAway()).isIn(ENHANCE_YOUR_CALM, -1);
    }
  }

  @Test
  void soManyConnectionsAreOpenAndNoMore() {
    Await.until("those of before are closed", () -> connections() <= 2);
    var open = new ArrayList<RawClient>();
    try {
      for (int i = 0; i < 25; i++) {
        open.add(new RawClient(gateway));
      }
      var served = 0;
      for (var client : open) {
        client.send("GET /shelves HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      }
      for (var client : open) {
        served += client.textToTheEnd().startsWith("HTTP/1.1 200") ? 1 : 0;
      }
      assertThat(served).isBetween(17, 20);
    } finally {
      open.forEach(RawClient::close);
    }
  }

  private static int connections() {
    return gateway
        .send(gateway.adminRequest("/metrics"))
        .body()
        .lines()
        .filter(line -> line.startsWith("armeria_server_connections{"))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
