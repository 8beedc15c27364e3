package dev.agentserver.settings.flag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.settings.flag.value.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// OFREP by plain HTTP, at the service's own listener.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OfrepTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private Serving serving;

  @BeforeAll
  void start() {
    serving = new Serving(Map.of());
    serving.create("truth", "", Definitions.bool(true));
    serving.create(
        "targeted",
        "",
        Definitions.of(
            """
            {"state":"ENABLED","variants":{"a":1,"b":2.5},"defaultVariant":"a",
             "targeting":{"if":[{"==":[{"var":"plan"},"pro"]},"b"]},"metadata":{"team":"x"}}
            """));
    serving.create(
        "off",
        "",
        Definitions.of(
            "{\"state\":\"DISABLED\",\"variants\":{\"a\":true},\"defaultVariant\":\"a\"}"));
  }

  @AfterAll
  void stop() {
    client.close();
    serving.close();
  }

  @Test
  void aFlagIsEvaluatedOverItsContext() {
    var found = post("evaluate/flags/targeted", "{\"context\":{\"plan\":\"pro\"}}");
    assertThat(found.statusCode()).isEqualTo(200);
    assertThat(json(found))
        .isEqualTo(
            Map.of(
                "key", "targeted",
                "reason", "TARGETING_MATCH",
                "variant", "b",
                "value", 2.5,
                "metadata", Map.of("team", "x")));
    assertThat(json(post("evaluate/flags/targeted", "{}"))).containsEntry("value", 1.0);
  }

  @Test
  void aDisabledFlagIsASuccessWithoutAValue() {
    var off = post("evaluate/flags/off", "{}");
    assertThat(off.statusCode()).isEqualTo(200);
    assertThat(json(off)).containsEntry("reason", "DISABLED").doesNotContainKey("value");
  }

  @Test
  void faultsAreThoseOfTheProtocol() {
    var unknown = post("evaluate/flags/nowhere", "{}");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(json(unknown))
        .containsEntry("key", "nowhere")
        .containsEntry("errorCode", "FLAG_NOT_FOUND");
    var broken = post("evaluate/flags/truth", "{\"context\":");
    assertThat(broken.statusCode()).isEqualTo(400);
    assertThat(json(broken)).containsEntry("errorCode", "INVALID_CONTEXT");
    assertThat(post("evaluate/flags/truth", "{\"context\":[]}").statusCode()).isEqualTo(400);
    assertThat(send("evaluate/flags/truth", "POST", "{}", Map.of()).statusCode()).isEqualTo(401);
    assertThat(post("somewhere", "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void whatIsEvaluatedHasATag() {
    var all = post("evaluate/flags", "{\"context\":{\"plan\":\"pro\"}}");
    assertThat(all.statusCode()).isEqualTo(200);
    assertThat((List<?>) json(all).get("flags")).isNotEmpty();
    var tag = all.headers().firstValue("etag").orElseThrow();
    assertThat(again(tag, "{\"context\":{\"plan\":\"pro\"}}").statusCode()).isEqualTo(304);
    assertThat(again(tag, "{\"context\":{\"plan\":\"free\"}}").statusCode()).isEqualTo(200);
  }

  @Test
  void aStreamTellsThatThereIsSomethingNew() throws IOException, InterruptedException {
    serving.create("watched", "", Definitions.bool(false));
    var streams = (List<?>) json(post("evaluate/flags", "{}")).get("eventStreams");
    var url = (String) ((Map<?, ?>) streams.getFirst()).get("url");
    var request = HttpRequest.newBuilder(URI.create(url)).build();
    HttpResponse<InputStream> stream = client.send(request, BodyHandlers.ofInputStream());
    assertThat(stream.statusCode()).isEqualTo(200);
    assertThat(stream.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    try (var lines =
        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).isEqualTo(": alive");
      serving.update("watched", Definitions.bool(true));
      String line;
      do {
        line = lines.readLine();
      } while (!line.startsWith("data:"));
      assertThat(line).isEqualTo("data: {\"type\":\"refetchEvaluation\"}");
    }
    var forged = HttpRequest.newBuilder(URI.create(url + "x")).build();
    assertThat(client.send(forged, BodyHandlers.discarding()).statusCode()).isEqualTo(401);
  }

  private HttpResponse<String> post(String path, String body) {
    return send(path, "POST", body, Map.of("Authorization", "Bearer " + serving.key()));
  }

  private HttpResponse<String> again(String tag, String body) {
    return send(
        "evaluate/flags", "POST", body, Map.of("X-API-Key", serving.key(), "If-None-Match", tag));
  }

  private HttpResponse<String> send(
      String path, String method, String body, Map<String, String> headers) {
    var request = HttpRequest.newBuilder(URI.create(serving.url() + path));
    headers.forEach(request::header);
    request.method(method, BodyPublishers.ofString(body));
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  @SuppressWarnings("unchecked") // the names of JSON's members are strings
  private static Map<String, Object> json(HttpResponse<String> response) {
    return (Map<String, Object>) Json.parse(response.body());
  }
}
