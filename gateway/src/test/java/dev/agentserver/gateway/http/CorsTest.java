package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentserver.gateway.filters.Origins;
import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.test.notebook.FailRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsTest {
  private static final String APP = "https://app.example.com";

  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new TestGateway(Map.of("CORS_ORIGINS", APP + ", https://other.example.com"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String header(HttpResponse<?> response, String name) {
    return String.join("|", response.headers().allValues(name));
  }

  private static HttpResponse<String> from(String origin, String path) {
    return gateway.send(gateway.request(path).header("Origin", origin));
  }

  private static HttpResponse<String> preflight(String origin) {
    return gateway.send(
        gateway
            .request("/v1/notes")
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "PATCH")
            .header("Access-Control-Request-Headers", "authorization,x-grpc-web")
            .method("OPTIONS", BodyPublishers.noBody()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        APP,
        "https://other.example.com",
        "http://localhost:5173",
        "http://localhost",
        "http://127.0.0.1:3000",
        "http://[::1]:8080"
      })
  void anAllowedOriginMayRead(String origin) {
    var response = from(origin, "/shelves");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "access-control-allow-origin")).isEqualTo(origin);
    assertThat(header(response, "access-control-allow-credentials")).isEqualTo("true");
    assertThat(header(response, "vary")).isEqualTo("Origin");
    assertThat(List.of(header(response, "access-control-expose-headers").split(", ")))
        .contains(
            "grpc-status",
            "grpc-message",
            "grpc-status-details-bin",
            "X-Next-Page-Token",
            "Link",
            "ETag",
            "Location",
            "X-Request-Id",
            "Retry-After");
  }

  @Test
  void whatAServiceSaysOfItsOwnMayBeReadToo() {
    var message = FailRequest.newBuilder().setCode(9).build().toByteArray();
    var frame = ByteBuffer.allocate(5 + message.length).put((byte) 0).putInt(message.length);

    var response =
        gateway.send(
            gateway
                .request("/notebook.v1.NoteService/Fail")
                .header("Origin", APP)
                .header("Authorization", "Bearer a.b.c")
                .header("Content-Type", "application/grpc-web+proto")
                .POST(BodyPublishers.ofByteArray(frame.put(message).array())));

    assertThat(header(response, "x-cause")).isEqualTo("asked for");
    assertThat(List.of(header(response, "access-control-expose-headers").split(", ")))
        .contains("x-cause", "grpc-status")
        .doesNotContain("content-type", "vary", ":status");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example.com",
        "https://app.example.com.evil.com",
        "http://app.example.com",
        "https://localhost.evil.com",
        "http://localhost.evil.com:80",
        "http://127.0.0.1.evil.com",
        "https://127.0.0.1:3000",
        "null"
      })
  void anotherOriginMayNot(String origin) {
    var response = from(origin, "/shelves");

    assertThat(response.headers().map().keySet())
        .noneMatch(name -> name.startsWith("access-control-"));
    assertThat(header(response, "vary")).isEqualTo("Origin");
    assertThat(preflight(origin).statusCode()).isEqualTo(403);
    assertThat(preflight(origin).body()).contains("PERMISSION_DENIED");
  }

  @Test
  void faultsCanBeReadToo() {
    assertThat(header(from(APP, "/nowhere"), "access-control-allow-origin")).isEqualTo(APP);
  }

  @Test
  void aPreflightIsAnsweredAndKept() {
    var response = preflight(APP);

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(header(response, "access-control-allow-origin")).isEqualTo(APP);
    assertThat(header(response, "access-control-allow-methods")).contains("PATCH", "DELETE");
    assertThat(header(response, "access-control-allow-headers"))
        .isEqualTo("authorization,x-grpc-web");
    assertThat(header(response, "access-control-max-age")).isEqualTo("7200");
    assertThat(header(response, "vary")).contains("Access-Control-Request-Method");
  }

  @Test
  void withoutOriginThereIsNothingToSay() {
    var response = gateway.get("/shelves");

    assertThat(response.headers().map().keySet())
        .noneMatch(name -> name.startsWith("access-control-"));
    assertThat(header(response, "vary")).isEqualTo("Origin");
  }

  @Test
  void loopbackIsForDevelopmentOnly() {
    var origins = new Origins(Set.of(APP), false);

    assertThat(origins.test(APP)).isTrue();
    assertThat(origins.test("http://localhost:5173")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "https://*.example.com", "example.com", "https://example.com/"})
  void whatIsNoExactOriginIsRefused(String origin) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Origins(Set.of(origin), false))
        .withMessageContaining("CORS_ORIGINS");
  }
}
