package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.agentserver.gateway.test.FakeAccess;
import dev.agentserver.gateway.test.OpenStream;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.LogCapture;
import dev.agentserver.test.notebook.WatchNoteRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Tickets in the query, for clients that can send no headers.
class TicketTest {
  private static final String PATH = TestGateway.TICKET.getPath();
  private static final String TICKET = TestGateway.TICKET.getTicket();

  private TestGateway gateway;

  @BeforeEach
  void start() {
    gateway = new TestGateway();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  /// Asks as an EventSource does.
  private OpenStream open(String path) {
    return gateway.open(gateway.request(path).header("Accept", "text/event-stream"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"?ticket=T&after_seq=4", "?after_seq=4&ticket=T", "?ticket=T&&after_seq=4"})
  void aTicketOpensItsStream(String query) {
    var stream = open(PATH + query.replace("T", TICKET));
    var watch = gateway.feed().next();

    assertThat(watch.request())
        .isEqualTo(WatchNoteRequest.newBuilder().setNoteId("n-1").setAfterSeq(4).build());
    assertThat(FakeAccess.credential(gateway.recorder().header("authorization")))
        .isEqualTo(FakeAccess.TICKET);
    watch.end();
    assertThat(stream.status()).isEqualTo(200);
  }

  @Test
  void itIsExchangedEachTimeBecauseNoTokenOfItIsKept() {
    for (int i = 0; i < 2; i++) {
      var stream = open(PATH + "?ticket=" + TICKET);
      gateway.feed().next().end();
      assertThat(stream.status()).isEqualTo(200);
    }

    assertThat(gateway.exchanges()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/notes/n-2:watch?ticket=T",
        "/v1/notes/n%2D1:watch?ticket=T",
        "/v1/notes/n-1:titles?ticket=T",
        "/v1/notes:watch?ticket=T",
        "/v1/notes/n-1:watch?ticket=another",
        "/v1/notes/n-1:watch?ticket=",
        "/v1/notes/n-1:watch"
      })
  void anotherPathOrAnotherTicketIsNotSignedIn(String path) {
    var stream = open(path.replace("=T", "=" + TICKET));

    assertThat(stream.status()).isEqualTo(401);
    assertThat(stream.rest()).contains("\"reason\":\"UNAUTHENTICATED\"").doesNotContain(TICKET);
    assertThat(gateway.feed().isQuiet()).isTrue();
  }

  @Test
  void whatIsTwiceIsRefused() {
    var stream = open(PATH + "?ticket=" + TICKET + "&ticket=" + TICKET);

    assertThat(stream.status()).isEqualTo(400);
    assertThat(stream.rest()).contains("\"field\":\"ticket\"").doesNotContain(TICKET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/notes/n-1?ticket=T", "/v1/download?%74icket=T", "/v1/fail?ticket=T"})
  void elsewhereThereIsNoSuchParameter(String path) {
    var url = path.replace("=T", "=" + TICKET);
    var response =
        path.contains("fail")
            ? gateway.send("POST", url, "{}")
            : gateway.send(gateway.request(url).header("Authorization", "Bearer some.jwt.token"));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .contains("ticket is not a parameter of this request")
        .doesNotContain(TICKET);
    assertThat(gateway.exchanges()).isZero();
  }

  @Test
  void aStreamThatIsPostedTakesNone() {
    var response =
        gateway.send(
            gateway
                .request("/v1/notes/n-1:follow?ticket=" + TICKET)
                .POST(BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/json"));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(gateway.exchanges()).isZero();
  }

  @Test
  void aHeaderCountsMore() {
    var stream =
        gateway.open(PATH + "?ticket=" + TICKET, "text/event-stream", "X-Nothing", "at-all");
    gateway.feed().next().end();

    assertThat(stream.status()).isEqualTo(200);
    assertThat(gateway.recorder().header("authorization")).isEqualTo("Bearer some.jwt.token");
    assertThat(gateway.exchanges()).isZero();
  }

  @Test
  void aTicketIsNoKey() {
    var response = gateway.send(gateway.request(PATH).header("X-API-Key", "ag_" + TICKET));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(gateway.exchanges()).isZero();
  }

  @Test
  void noLogHoldsATicket() {
    try (var log = LogCapture.of(Logger.ROOT_LOGGER_NAME)) {
      // What is finer dumps every byte of the network, and every credential with them.
      ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.DEBUG);
      var stream = open(PATH + "?ticket=" + TICKET);
      var watch = gateway.feed().next();
      watch.renamed(1, "x");
      stream.block();
      gateway.stopBackend();
      stream.rest();
      open("/v1/notes/n-2:watch?ticket=" + TICKET).rest();
      open("/v1/nowhere?ticket=" + TICKET).rest();
      open(PATH + "?ticket=" + TICKET + "&no=such").rest();
      Await.until(
          "the requests' own lines",
          () -> lines(log).filter(line -> line.contains("rest GET")).count() == 4);

      assertThat(lines(log)).noneMatch(line -> line.contains(TICKET));
    }
  }

  private static Stream<String> lines(LogCapture log) {
    return log.lines().stream().map(TicketTest::line);
  }

  private static String line(ILoggingEvent event) {
    var thrown = event.getThrowableProxy();
    return event.getFormattedMessage()
        + event.getMDCPropertyMap()
        + event.getKeyValuePairs()
        + (thrown == null ? "" : thrown.getMessage());
  }
}
