package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.gateway.test.Feed;
import dev.agentserver.gateway.test.OpenStream;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.kit.test.Await;
import dev.agentserver.test.notebook.FailRequest;
import dev.agentserver.test.notebook.Note;
import dev.agentserver.test.notebook.NoteEvent;
import dev.agentserver.test.notebook.WatchNoteRequest;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Server streams as a browser's EventSource reads them.
class EventStreamTest {
  private static final String EVENTS = "text/event-stream";
  private static final FailRequest GONE =
      FailRequest.newBuilder().setCode(5).setMessage("no such note").setReason("NOT_FOUND").build();

  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new TestGateway();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static OpenStream open(String path, String... headers) {
    return gateway.open(path, EVENTS, headers);
  }

  private static Feed.Watch next() {
    return gateway.feed().next();
  }

  @Test
  void eachMessageIsAnEventWithItsNumberAndItsName() {
    var stream = open("/v1/notes/n-1:watch");
    var watch = next();
    var note = Note.newBuilder().setTitle("two\nlines");
    watch.send(NoteEvent.newBuilder().setSeq(7).setAuthor("ann").setWritten(note).build());

    assertThat(stream.status()).isEqualTo(200);
    assertThat(stream.header("content-type")).isEqualTo(EVENTS);
    assertThat(stream.header("cache-control")).isEqualTo("no-store");
    assertThat(stream.header("x-accel-buffering")).isEqualTo("no");
    assertThat(stream.block()).containsExactly("retry: 2000");
    var event = stream.block();
    assertThat(event).hasSize(3).startsWith("id: 7", "event: written");
    assertThat(event.getLast())
        .startsWith("data: {\"seq\":\"7\",\"author\":\"ann\",\"written\":{")
        .contains("\"title\":\"two\\nlines\"");
    watch.renamed(8, "three");
    assertThat(stream.block())
        .containsExactly("id: 8", "event: renamed", "data: {\"seq\":\"8\",\"renamed\":\"three\"}");
    watch.end();
    assertThat(stream.rest()).isEqualTo("event: end\ndata: {}\n");
  }

  @Test
  void aMessageWithoutCaseHasNoNameAndTheBeginningIsAPlaceToo() {
    var stream = open("/v1/notes/n-1:watch");
    var watch = next();
    watch.send(NoteEvent.newBuilder().setAuthor("ann").build());
    watch.end();

    stream.block();
    assertThat(stream.block()).containsExactly("id: 0", "data: {\"seq\":\"0\",\"author\":\"ann\"}");
  }

  @Test
  void whereThereAreTwoOneofsThereIsNoNameAndPlacesMayBeTexts() {
    var stream = open("/v1/notes:watch?token=from-the-url", "Last-Event-ID", "x.y+z");

    stream.block();
    assertThat(stream.block()).containsExactly("id: x.y+z", "data: {\"token\":\"x.y+z\"}");
  }

  @Test
  void theServicesOwnEndIsTheLastWord() {
    var stream = open("/v1/notes/n-1:watch");
    var watch = next();
    watch.send(
        NoteEvent.newBuilder()
            .setSeq(9)
            .setEnd(com.google.protobuf.Empty.getDefaultInstance())
            .build());
    watch.end();

    stream.block();
    assertThat(stream.rest()).isEqualTo("id: 9\nevent: end\ndata: {\"seq\":\"9\",\"end\":{}}\n");
  }

  @Test
  void aBodyMayBeOneFieldOfEachMessage() {
    var stream = open("/v1/notes/n-1:titles");
    next().renamed(3, "third");

    stream.block();
    assertThat(stream.block()).containsExactly("id: 3", "event: renamed", "data: \"third\"");
    stream.close();
  }

  @Test
  void theRequestIsBoundAsAnyOther() {
    var stream = open("/v1/notes/n%201:watch?labels=a&labels=b&after_seq=5");
    var watch = next();

    assertThat(watch.request())
        .isEqualTo(
            WatchNoteRequest.newBuilder()
                .setNoteId("n 1")
                .setAfterSeq(5)
                .addLabels("a")
                .addLabels("b")
                .build());
    watch.end();
    assertThat(stream.status()).isEqualTo(200);
  }

  @Test
  void lastEventIdWinsOverTheUrl() {
    var stream = open("/v1/notes/n-1:watch?after_seq=5", "Last-Event-ID", "12");
    var watch = next();

    assertThat(watch.request().getAfterSeq()).isEqualTo(12);
    assertThat(gateway.recorder().header("last-event-id")).isNull();
    watch.renamed(13, "x");
    stream.block();
    assertThat(stream.block()).contains("id: 13");
    watch.end();
  }

  @Test
  void lastEventIdWinsOverTheBody() {
    var stream =
        gateway.open(
            gateway
                .request("/v1/notes/n-1:follow")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{\"after_seq\":\"5\"}"))
                .header("Content-Type", "application/json")
                .header("Accept", EVENTS)
                .header("Authorization", "Bearer a.b.c")
                .header("Last-Event-ID", "12"));
    var watch = next();

    assertThat(watch.request().getAfterSeq()).isEqualTo(12);
    watch.end();
    assertThat(stream.status()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1.5", "99999999999999999999"})
  void aLastEventIdThatIsNoPlaceIsRefused(String id) {
    var stream = open("/v1/notes/n-1:watch?after_seq=5", "Last-Event-ID", id);

    assertThat(stream.status()).isEqualTo(400);
    assertThat(stream.header("content-type")).startsWith("application/json");
    assertThat(stream.rest())
        .contains("\"reason\":\"INVALID_ARGUMENT\"", "\"field\":\"after_seq\"", "Last-Event-ID");
    assertThat(gateway.feed().isQuiet()).isTrue();
  }

  @Test
  void aStreamThatIsAtItsEndStopsTheClient() {
    var stream = open("/v1/notes/n-1:watch", "Last-Event-ID", "12");
    next().end();

    assertThat(stream.status()).isEqualTo(204);
    assertThat(stream.header("cache-control")).isEqualTo("no-store");
    assertThat(stream.rest()).isEmpty();
  }

  @Test
  void aFirstLookAtAStreamAtItsEndSeesTheEnd() {
    var stream = open("/v1/notes/n-1:watch?after_seq=12");
    next().end();

    assertThat(stream.status()).isEqualTo(200);
    assertThat(stream.rest()).isEqualTo("retry: 2000\n\nevent: end\ndata: {}\n");
  }

  @Test
  void aFailureBeforeTheFirstMessageIsAnOrdinaryError() {
    var stream = open("/v1/notes/n-1:watch");
    next().fail(GONE);

    assertThat(stream.status()).isEqualTo(404);
    assertThat(stream.header("content-type")).startsWith("application/json");
    assertThat(stream.rest())
        .startsWith("{\"code\":5,\"message\":\"no such note\"")
        .contains("\"reason\":\"NOT_FOUND\"");
  }

  @Test
  void aFailureAfterTheFirstMessageIsTheLastEvent() {
    var stream = open("/v1/notes/n-1:watch");
    var watch = next();
    watch.renamed(1, "x");
    watch.fail(GONE);

    stream.block();
    stream.block();
    assertThat(stream.rest())
        .startsWith("event: error\ndata: {\"code\":5,\"message\":\"no such note\"")
        .contains("\"reason\":\"NOT_FOUND\"")
        .doesNotContain("event: end");
  }

  @Test
  void withoutACredentialThereIsNoStream() {
    var stream = gateway.open(gateway.request("/v1/notes/n-1:watch").header("Accept", EVENTS));

    assertThat(stream.status()).isEqualTo(401);
    assertThat(gateway.feed().isQuiet()).isTrue();
  }

  @Test
  void nobodyOpensAStreamForItsHeadersAlone() {
    var response =
        gateway.send(
            gateway
                .request("/v1/notes/n-1:watch")
                .method("HEAD", java.net.http.HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer a.b.c"));

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).hasValue("GET");
  }

  @Test
  void aStreamThatIsReadIsNotPosted() {
    assertThat(gateway.send("POST", "/shelves/1/books", "{}").statusCode()).isEqualTo(405);
  }

  @Test
  void pagesMayResume() {
    var preflight =
        gateway.send(
            gateway
                .request("/v1/notes/n-1:watch")
                .header("Origin", "http://localhost:5173")
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization,last-event-id")
                .method("OPTIONS", java.net.http.HttpRequest.BodyPublishers.noBody()));
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("access-control-allow-headers"))
        .hasValue("authorization,last-event-id");

    var stream =
        open("/v1/notes/n-1:watch", "Origin", "http://localhost:5173", "Last-Event-ID", "1");
    var watch = next();
    watch.renamed(2, "x");
    assertThat(stream.header("access-control-allow-origin")).isEqualTo("http://localhost:5173");
    watch.end();
  }

  @Test
  void aSilentStreamIsSeenToBeOpenAndAlive() {
    try (var impatient =
        new TestGateway(Map.of("GATEWAY_OPEN_AFTER", "50ms", "GATEWAY_HEARTBEAT", "50ms"))) {
      var stream = impatient.open("/v1/notes/n-1:watch", EVENTS, "Last-Event-ID", "4");
      var watch = impatient.feed().next();

      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.block()).containsExactly("retry: 2000");
      assertThat(stream.block()).containsExactly(": heartbeat");
      assertThat(stream.block()).containsExactly(": heartbeat");
      watch.renamed(5, "x");
      var block = stream.block();
      while (block.equals(java.util.List.of(": heartbeat"))) {
        block = stream.block();
      }
      assertThat(block).contains("id: 5");
      watch.fail(GONE);
      assertThat(stream.rest()).contains("event: error\ndata: {\"code\":5");
    }
  }

  @Test
  void whatOpensInSilenceFailsAsAnEvent() {
    try (var impatient = new TestGateway(Map.of("GATEWAY_OPEN_AFTER", "50ms"))) {
      var stream = impatient.open("/v1/notes/n-1:watch", EVENTS);
      var watch = impatient.feed().next();
      Await.until("the headers", stream::hasBegun);
      watch.fail(GONE);

      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.rest()).startsWith("retry: 2000\n\n: heartbeat\n\nevent: error\ndata: {");
    }
  }
}
