package dev.agentserver.gateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.gateway.test.Attic;
import dev.agentserver.gateway.test.Http2;
import dev.agentserver.gateway.test.RawClient;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.kit.test.Await;
import java.io.EOFException;
import java.util.HashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that take their time to hold the gateway up. Each limit is a fraction of a second here;
/// a client that is within it is served however slow the machine is, because the whole of what it
/// sends goes out at once.
class SlowClientTest {
  private static final String SHORT = "300ms";

  private TestGateway gateway;

  private void start(String... environment) {
    var variables = new HashMap<String, String>();
    for (int i = 0; i < environment.length; i += 2) {
      variables.put(environment[i], environment[i + 1]);
    }
    gateway = new TestGateway(variables);
  }

  @AfterEach
  void othersAreServed() {
    assertThat(gateway.get("/shelves").statusCode()).isEqualTo(200);
    gateway.close();
  }

  /// Sends a byte now and then until the server hangs up, and returns what it said.
  private static String drip(RawClient client, String dripped) {
    var isOver = new AtomicBoolean();
    var dripping =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 0; !isOver.get(); i++) {
                    client.send(dripped.substring(i % dripped.length()).substring(0, 1));
                    try {
                      Thread.sleep(20);
                    } catch (InterruptedException _) {
                      return;
                    }
                  }
                });
    try {
      return client.textToTheEnd();
    } finally {
      isOver.set(true);
      dripping.interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET /shelves HTTP/1.1\r\nHost: x\r\nX: ", "G", "\r", "PRI * HTTP/2.0\r\n"})
  void aHeaderThatDripsIsCut(String begin) {
    start("HEADER_TIMEOUT", SHORT);
    try (var client = new RawClient(gateway)) {
      assertThat(drip(client.send(begin), "a")).doesNotContain("200 OK");
    }
  }

  @Test
  void theSecondHeaderOfAConnectionIsTimedToo() throws EOFException {
    start("HEADER_TIMEOUT", SHORT);
    try (var client = new RawClient(gateway)) {
      client.send("GET /shelves HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.line()).startsWith("HTTP/1.1 200");
      assertThat(drip(client.send("GET /shelves HTTP/1.1\r\nX: "), "a")).doesNotContain("HTTP/1.1");
    }
  }

  @Test
  void aConnectionThatIsQuietBetweenRequestsIsNotCutForThat() throws Exception {
    start("HEADER_TIMEOUT", SHORT);
    try (var client = new RawClient(gateway);
        var slow = new RawClient(gateway)) {
      client.send("GET /shelves HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.answer()).startsWith("HTTP/1.1 200");
      drip(slow.send("G"), "a");
      client.send("GET /shelves HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.answer()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void aHeaderInPiecesOverHttp2IsCut() {
    start("HEADER_TIMEOUT", SHORT);
    try (var client = new Http2(gateway)) {
      client.send(Http2.HEADERS, Http2.END_STREAM, 1, Http2.request("GET", "/shelves"));
      client.raw().toTheEnd();
    }
  }

  @Test
  void aBodyThatDripsIsCut() {
    start("BODY_TIMEOUT", SHORT);
    try (var client = new RawClient(gateway)) {
      client.send(
          "POST /shelf HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n");
      assertThat(drip(client, " "))
          .startsWith("HTTP/1.1 408 ")
          .contains("\"reason\":\"DEADLINE_EXCEEDED\"");
    }
  }

  @Test
  void aBodyThatDripsOverHttp2IsCut() throws EOFException {
    start("BODY_TIMEOUT", SHORT);
    try (var client = new Http2(gateway)) {
      client.send(Http2.HEADERS, Http2.END_HEADERS, 1, Http2.request("POST", "/shelf"));
      client.send(Http2.DATA, 0, 1, new byte[] {'{'});
      assertThat(client.status()).isEqualTo(408);
      assertThat(client.get(3, "/shelves").status()).isEqualTo(200);
    }
  }

  @Test
  void anUploadThatDripsIsCut() {
    try (var attic = new Attic()) {
      start("HTTP_UPSTREAMS", attic.target(), "HTTP_STALL", SHORT);
      try (var client = new RawClient(gateway)) {
        client.send(
            "PATCH /attic/silent HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Authorization: Bearer some.jwt.token\r\nContent-Length: 1000000\r\n\r\n");
        assertThat(drip(client, "x")).startsWith("HTTP/1.1 408 ");
      }
    }
  }

  @Test
  void aUnaryCallWhoseMessageDripsEndsByItsDeadline() throws EOFException {
    start("DEFAULT_DEADLINE", SHORT);
    try (var client = new Http2(gateway)) {
      client.send(
          Http2.HEADERS,
          Http2.END_HEADERS,
          1,
          Http2.request(
              "POST",
              "/notebook.v1.NoteService/GetNote",
              "content-type",
              "application/grpc",
              "te",
              "trailers",
              "authorization",
              "Bearer some.jwt.token"));
      client.send(Http2.DATA, 0, 1, new byte[] {0, 0});
      assertThat(client.status()).isEqualTo(200);
    }
  }

  /// Its windows are closed, so no reply ever gets out.
  @Test
  void whoDoesNotReadIsNotWaitedForForEver() throws EOFException {
    start("DEFAULT_DEADLINE", SHORT, "BODY_TIMEOUT", SHORT, "REPLY_TIMEOUT", SHORT);
    var noWindow = new byte[] {0, 4, 0, 0, 0, 0};
    try (var client = new Http2(gateway, noWindow)) {
      for (int i = 0; i < 50; i++) {
        client.get(2 * i + 1, "/v1/notes?page_size=500", "authorization", "Bearer some.jwt.token");
      }
      client.raw().toTheEnd();
    }
  }

  @Test
  void aConnectionThatCarriesNothingIsClosed() {
    start("IDLE_TIMEOUT", "1s");
    try (var silent = new RawClient(gateway);
        var quiet = new Http2(gateway)) {
      assertThat(silent.toTheEnd()).isEmpty();
      quiet.raw().toTheEnd();
    }
  }

  @Test
  void aClientMayNotAskForMoreTimeThanThereIs() throws InterruptedException {
    start("MAX_DEADLINE", SHORT);
    var response = gateway.send(gateway.request("/v1/hang").header("grpc-timeout", "99999999H"));
    assertThat(response.statusCode()).isEqualTo(504);
    Await.until("the service is told", () -> gateway.recorder().millisLeft() >= 0);
    assertThat(gateway.recorder().millisLeft()).isLessThanOrEqualTo(300);
  }
}
