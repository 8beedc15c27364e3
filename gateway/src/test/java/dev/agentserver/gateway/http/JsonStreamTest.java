package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.gateway.test.OpenStream;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.kit.test.Await;
import dev.agentserver.test.notebook.FailRequest;
import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Server streams as lines of JSON, and as one array.
class JsonStreamTest {
  private static final String LINES = "application/x-ndjson";
  private static final String ARRAY = "application/json";
  private static final FailRequest FAILURE =
      FailRequest.newBuilder().setCode(9).setMessage("not now").setReason("LIMIT_REACHED").build();

  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new TestGateway();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static OpenStream open(String accept, String... headers) {
    return gateway.open("/v1/notes/n-1:watch", accept, headers);
  }

  @ParameterizedTest
  @ValueSource(strings = {LINES, "application/jsonl"})
  void aLineForEachMessage(String accept) {
    var stream = open(accept);
    var watch = gateway.feed().next();
    watch.renamed(1, "one");

    assertThat(stream.status()).isEqualTo(200);
    assertThat(stream.header("content-type")).isEqualTo(accept);
    assertThat(stream.header("cache-control")).isEqualTo("no-store");
    assertThat(stream.line()).isEqualTo("{\"seq\":\"1\",\"renamed\":\"one\"}");
    watch.renamed(2, "two");
    assertThat(stream.line()).isEqualTo("{\"seq\":\"2\",\"renamed\":\"two\"}");
    watch.end();
    assertThat(stream.line()).isNull();
  }

  @Test
  void aLateFailureIsTheLastLine() {
    var stream = open(LINES);
    var watch = gateway.feed().next();
    watch.renamed(1, "one");
    watch.fail(FAILURE);

    stream.line();
    assertThat(stream.line())
        .startsWith("{\"error\":{\"code\":9,\"message\":\"not now\"")
        .contains("\"reason\":\"LIMIT_REACHED\"")
        .endsWith("}}");
    assertThat(stream.line()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {LINES, ARRAY})
  void anEarlyFailureIsAnOrdinaryError(String accept) {
    var stream = open(accept);
    gateway.feed().next().fail(FAILURE);

    assertThat(stream.status()).isEqualTo(400);
    assertThat(stream.rest()).startsWith("{\"code\":9,\"message\":\"not now\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {LINES, ARRAY})
  void aStreamThatIsAtItsEndHasNoMore(String accept) {
    var stream = open(accept, "Last-Event-ID", "4");
    gateway.feed().next().end();

    assertThat(stream.status()).isEqualTo(204);
  }

  @Test
  void linesOpenInSilence() {
    try (var impatient = new TestGateway(Map.of("GATEWAY_OPEN_AFTER", "50ms"))) {
      var stream = impatient.open("/v1/notes/n-1:watch", LINES);
      var watch = impatient.feed().next();
      Await.until("the headers", stream::hasBegun);
      watch.renamed(1, "one");
      watch.end();

      assertThat(stream.rest()).isEqualTo("{\"seq\":\"1\",\"renamed\":\"one\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ARRAY, "*/*", "text/html"})
  void anArrayWhoseElementsComeOneByOne(String accept) {
    var stream = open(accept);
    var watch = gateway.feed().next();
    watch.renamed(1, "one");

    assertThat(stream.status()).isEqualTo(200);
    assertThat(stream.header("content-type")).isEqualTo(ARRAY);
    var first = "[{\"seq\":\"1\",\"renamed\":\"one\"}";
    assertThat(stream.read(first.length())).isEqualTo(first);
    watch.renamed(2, "two");
    var second = ",{\"seq\":\"2\",\"renamed\":\"two\"}";
    assertThat(stream.read(second.length())).isEqualTo(second);
    watch.end();
    assertThat(stream.rest()).isEqualTo("]");
  }

  @Test
  void anEmptyArray() {
    var stream = open(ARRAY);
    gateway.feed().next().end();

    assertThat(stream.status()).isEqualTo(200);
    assertThat(stream.rest()).isEqualTo("[]");
  }

  @Test
  void aLateFailureBreaksTheArrayOff() {
    var stream = open(ARRAY);
    var watch = gateway.feed().next();
    watch.renamed(1, "one");
    var first = "[{\"seq\":\"1\",\"renamed\":\"one\"}";
    assertThat(stream.read(first.length())).isEqualTo(first);
    watch.fail(FAILURE);

    assertThatThrownBy(stream::rest).isInstanceOf(UncheckedIOException.class);
  }
}
