package dev.agentserver.gateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.gateway.test.RawClient;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.test.bookstore.CreateShelfRequest;
import java.io.EOFException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that hide another one in a body that two readers would find the end of at two places.
class SmugglingTest {
  private static final String POST = "POST /shelf HTTP/1.1\r\nHost: x\r\n";
  private static final String HIDDEN =
      "POST /shelf HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{\"theme\":\"smuggled\"}";

  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new TestGateway();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String exchange(String bytes) {
    try (var client = new RawClient(gateway)) {
      return client.send(bytes).textToTheEnd();
    }
  }

  private static int answers(String text) {
    return text.split("HTTP/1\\.1 \\d\\d\\d ", -1).length - 1;
  }

  private static String theme() {
    return ((CreateShelfRequest) gateway.recorder().message()).getShelf().getTheme();
  }

  @Test
  void twoPlainRequestsOnOneConnectionAreBothServed() throws EOFException {
    var chunked =
        "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"the\r\na\r\nme\":\"two\"}\r\n0\r\nX: y\r\n\r\n";
    for (var first : List.of("Content-Length: 15\r\n\r\n{\"theme\":\"one\"}", chunked)) {
      try (var client = new RawClient(gateway)) {
        client.send(POST + first + HIDDEN);

        assertThat(client.answer()).startsWith("HTTP/1.1 200 ");
        assertThat(client.answer()).startsWith("HTTP/1.1 200 ").contains("smuggled");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 0\r\nContent-Length: 90\r\n\r\n",
        "Content-Length: 90\r\nContent-Length: 0\r\n\r\n",
        "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
        "Content-Length: 0, 90\r\n\r\n",
        "Content-Length: +0\r\n\r\n",
        "Content-Length: -0\r\n\r\n",
        "Content-Length: 0x0\r\n\r\n",
        "Content-Length : 0\r\n\r\n",
        "Content-Length:\r\n 0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: 'chunked'\r\n\r\n0\r\n\r\n",
        "X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "X: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5;x\r\n{}0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\0",
        "\0Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "X: y\r\n\tfolded\r\n\r\n",
        "Host: another\r\nContent-Length: 0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0;x=\"\r\n\r\n\"\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0;\n\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\n\n",
        "Transfer-Encoding: chunked\r\n\r\n0 \r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n100000000\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 90\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\n\r\n",
        "Content-Length: 0\n\n",
      })
  void whatTwoReadersWouldReadDifferentlyIsRefusedAndEndsTheConnection(String rest) {
    gateway.send("POST", "/shelf", "{\"theme\": \"before\"}");

    var answer = exchange(POST + rest + HIDDEN);

    assertThat(answers(answer)).as(answer).isEqualTo(1);
    assertThat(answer)
        .startsWith("HTTP/1.1 400 ")
        .containsIgnoringCase("connection: close")
        .contains("\"reason\":\"INVALID_ARGUMENT\"");
    assertThat(theme()).isEqualTo("before");
  }

  @Test
  void whatCameBeforeIsStillAnsweredInItsTurn() {
    var answer =
        exchange(
            POST
                + "Content-Length: 15\r\n\r\n{\"theme\":\"one\"}"
                + POST
                + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n"
                + HIDDEN);

    assertThat(answer).doesNotContain("smuggled");
    assertThat(answer.indexOf("HTTP/1.1 400 ")).isNotEqualTo(0);
    assertThat(theme()).isEqualTo("one");
  }

  @Test
  void anOldClientMayNotSendChunks() {
    assertThat(
            exchange(
                "POST /shelf HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN))
        .startsWith("HTTP/1.1 400 ")
        .doesNotContain("smuggled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/shelves", "/v1/notes:watch", "/nowhere"})
  void afterAnUpgradeThatIsNotMadeNoRequestIsServed(String path) throws EOFException {
    gateway.send("POST", "/shelf", "{\"theme\": \"before\"}");
    try (var client = new RawClient(gateway)) {
      client.send(
          "GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
                  .formatted(path)
              + HIDDEN);

      assertThat(client.line()).startsWith("HTTP/1.1 4");
      client.finish();
      assertThat(client.textToTheEnd()).doesNotContain("smuggled");
    }
    assertThat(theme()).isEqualTo("before");
  }
}
