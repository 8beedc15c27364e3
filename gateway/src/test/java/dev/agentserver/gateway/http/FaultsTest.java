package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.gateway.test.TestGateway;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every fault over REST is a google.rpc.Status in JSON, whoever made it.
class FaultsTest {
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new TestGateway();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static HttpResponse<String> fail(String json) {
    return gateway.send("POST", "/v1/fail", json);
  }

  private static void assertFault(
      HttpResponse<String> response, int status, int code, String reason) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("application/json");
    assertThat(response.headers().firstValue("x-request-id")).isPresent();
    assertThat(response.body())
        .startsWith("{\"code\":" + code + ",\"message\":\"")
        .contains(
            "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"" + reason + "\"")
        .contains("\"domain\":\"agentserver\"");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 499, CANCELLED",
    "2, 500, INTERNAL",
    "3, 400, INVALID_ARGUMENT",
    "4, 504, DEADLINE_EXCEEDED",
    "5, 404, NOT_FOUND",
    "6, 409, ALREADY_EXISTS",
    "7, 403, PERMISSION_DENIED",
    "8, 429, OVERLOADED",
    "11, 400, INVALID_ARGUMENT",
    "12, 501, UNIMPLEMENTED",
    "13, 500, INTERNAL",
    "14, 503, UNAVAILABLE",
    "15, 500, INTERNAL",
    "16, 401, UNAUTHENTICATED"
  })
  void aStatusWithoutDetailsGetsItsHttpStatusAndAReason(int code, int http, String reason) {
    var response = fail("{\"code\": " + code + ", \"message\": \"Shelf \\\"37\\\" Not Found\"}");

    assertFault(response, http, code, reason);
    assertThat(response.body()).contains("Shelf \\\"37\\\" Not Found");
  }

  @ParameterizedTest
  @CsvSource({"9, 400", "10, 409"})
  void aStatusThatSaysMoreThanItsCodeIsNotGuessedAt(int code, int http) {
    var response = fail("{\"code\": " + code + ", \"message\": \"x\"}");

    assertThat(response.statusCode()).isEqualTo(http);
    assertThat(response.body()).isEqualTo("{\"code\":" + code + ",\"message\":\"x\"}");
  }

  @Test
  void detailsOfAServiceAreKept() {
    var response =
        fail(
            "{\"code\": 8, \"message\": \"wait\", \"reason\": \"OVERLOADED\", \"retry_after\": 2}");

    assertFault(response, 429, 8, "OVERLOADED");
    assertThat(response.body())
        .contains("\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\"")
        .contains("\"retry_delay\":\"2.000000001s\"");
    assertThat(response.headers().firstValue("retry-after")).hasValue("3");
  }

  @Test
  void aStaleEtagIsAPreconditionThatFailedOnlyWhenItCameAsOne() {
    var json = "{\"code\": 10, \"message\": \"stale\", \"reason\": \"STALE_VERSION\"}";

    assertFault(fail(json), 409, 10, "STALE_VERSION");

    var withHeader =
        gateway.send(
            gateway
                .request("/v1/fail")
                .header("If-Match", "\"v1\"")
                .POST(BodyPublishers.ofString(json)));
    assertFault(withHeader, 412, 10, "STALE_VERSION");
  }

  @Test
  void whatIsTooLargeForAServiceIsNotSentAgain() {
    assertFault(
        fail("{\"code\": 8, \"message\": \"x\", \"reason\": \"TOO_LARGE\"}"), 413, 8, "TOO_LARGE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nowhere",
        "/v1/notes/5:unknown/x",
        "/v1/purge",
        "/v1/forgotten",
        "/metrics",
        "//shelves",
        "/v1//notes"
      })
  void aRouteThatIsNotThereIsNotFound(String path) {
    assertFault(gateway.get(path), 404, 12, "UNIMPLEMENTED");
  }

  @Test
  void anotherMethodThanTheRoutesIsNotAllowed() {
    var response = gateway.send("DELETE", "/v1/notes", "");

    assertFault(response, 405, 12, "UNIMPLEMENTED");
    assertThat(response.headers().firstValue("allow")).hasValue("GET, POST");
  }

  @Test
  void whatTheClientSaysWrongIsNamed() {
    var response = gateway.send("POST", "/v1/notes", "{\"titel\": 1}");

    assertFault(response, 400, 3, "INVALID_ARGUMENT");
    assertThat(response.body())
        .contains("\"field_violations\":[{\"field\":\"titel\",\"description\":\"is not a field");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1"
      })
  void anotherContentThanJsonIsRefused(String type) {
    var request =
        gateway.request("/shelf").header("Content-Type", type).POST(BodyPublishers.ofString("{}"));

    assertFault(gateway.send(request), 415, 3, "INVALID_ARGUMENT");
  }

  @Test
  void aPackedBodyIsRefused() {
    var request =
        gateway
            .request("/shelf")
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofString("{}"));

    assertFault(gateway.send(request), 415, 3, "INVALID_ARGUMENT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json; charset=UTF-8", "application/merge-patch+json"})
  void jsonOfAnyNameIsJson(String type) {
    var request =
        gateway.request("/shelf").header("Content-Type", type).POST(BodyPublishers.ofString("{}"));

    assertThat(gateway.send(request).statusCode()).isEqualTo(200);
  }

  @Test
  void aContentTypeIsNotRequired() {
    var request = gateway.request("/shelf").POST(BodyPublishers.ofString("{\"theme\": \"x\"}"));

    assertThat(gateway.send(request).statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyThatSaysItIsTooLargeIsRefused() {
    assertFault(
        gateway.send("POST", "/shelf", "\"" + "x".repeat(8 * 1024 * 1024)), 413, 8, "TOO_LARGE");
  }

  @Test
  void aBodyThatTurnsOutTooLargeIsRefused() {
    var endless = new byte[9 * 1024 * 1024];
    var request =
        gateway
            .request("/shelf")
            .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(endless)));

    assertFault(gateway.send(request), 413, 8, "TOO_LARGE");
  }

  @Test
  void aBodyJustWithinTheLimitIsRead() {
    var theme = "x".repeat(8 * 1024 * 1024 - 100);

    var response = gateway.send("POST", "/shelf", "{\"theme\":\"" + theme + "\"}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains(theme);
  }

  @Test
  void aBodyOfTooManyValuesIsRefused() {
    var numbers = "1,".repeat(500_000) + "1";

    assertFault(
        gateway.send("POST", "/echoStruct", "{\"a\": [" + numbers + "]}"),
        400,
        3,
        "INVALID_ARGUMENT");
  }

  @Test
  void aMessageThatIsLargerThanItsJsonIsRefusedByItsOwnSize() {
    try (var small = new TestGateway(Map.of("MAX_BODY_BYTES", "2048"))) {
      var numbers = "1,".repeat(500) + "1";

      var response = small.send("POST", "/echoStruct", "{\"a\": [" + numbers + "]}");

      assertFault(response, 413, 8, "TOO_LARGE");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17_000, 60_000})
  void aHeaderThatIsTooLargeIsRefused(int size) {
    var request = gateway.request("/shelves").header("X-Large", "x".repeat(size));

    assertFault(gateway.send(request), 431, 8, "TOO_LARGE");
  }

  @Test
  void aHeaderThatIsTooLargeToLookAtIsRefusedToo() {
    var response = gateway.send(gateway.request("/shelves").header("X-Large", "x".repeat(100_000)));

    assertThat(response.statusCode()).isEqualTo(431);
    assertThat(response.body()).startsWith("{\"code\":8,").contains("\"TOO_LARGE\"");
  }

  @Test
  void badDeadlinesAreRefused() {
    assertFault(
        gateway.send(gateway.request("/shelves").header("X-Server-Timeout", "soon")),
        400,
        3,
        "INVALID_ARGUMENT");
    assertFault(
        gateway.send(gateway.request("/shelves").header("grpc-timeout", "1")),
        400,
        3,
        "INVALID_ARGUMENT");
  }

  @Test
  void aDeadlineThatPassesIsTold() {
    var response = gateway.send(gateway.request("/v1/hang").header("X-Server-Timeout", "0.2"));

    assertThat(response.statusCode()).isEqualTo(504);
    assertFault(response, 504, 4, "DEADLINE_EXCEEDED");
  }

  @Test
  void aBodyThatNeverComesIsNotWaitedForLong() throws IOException {
    try (var patient = new TestGateway(Map.of("BODY_TIMEOUT", "200ms"));
        var socket = new Socket("127.0.0.1", patient.gateway().port())) {
      socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
      var request = "POST /shelf HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

      var answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);

      assertThat(answer).isEqualTo("HTTP/1.1 408");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /shelves HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\nConnection: close\r\n\r\n",
        "GET shelves HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "FETCH /shelves HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /a/../../etc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "TRACE /shelves HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
      })
  void whatIsHardlyHttpIsRefusedInTheSameShape(String request) throws IOException {
    try (var socket = new Socket("127.0.0.1", gateway.gateway().port())) {
      socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 4").contains("{\"code\":").contains("agentserver");
    }
    assertThat(gateway.get("/shelves").statusCode()).isEqualTo(200);
  }
}
