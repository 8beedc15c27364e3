package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.agentserver.gateway.test.TestGateway;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthTest {
  private TestGateway gateway;

  @BeforeEach
  void start() {
    gateway = new TestGateway();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private HttpResponse<String> admin(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + gateway.gateway().adminPort() + path);
    try (var client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }

  private void awaitStatus(String path, int status) throws InterruptedException {
    var end = Instant.now().plus(Duration.ofSeconds(5));
    while (gateway.get(path).statusCode() != status) {
      assertThat(Instant.now()).as("%s is not %d yet", path, status).isBefore(end);
      Thread.sleep(Duration.ofMillis(20));
    }
  }

  @Test
  void tellsOfEveryUpstream() throws IOException, InterruptedException {
    var response = gateway.get("/health");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"bookstore\":\"UP\"").contains("\"notebook\":\"UP\"");
    assertThat(gateway.get("/livez").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/readyz").statusCode()).isEqualTo(200);
    assertThat(admin("/health").statusCode()).isEqualTo(200);
    assertThat(admin("/livez").statusCode()).isEqualTo(200);
    assertThat(admin("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void anUpstreamThatSaysItDoesNotServeIsDown() throws InterruptedException {
    gateway.say(ServingStatus.NOT_SERVING);
    awaitStatus("/health", 503);
    assertThat(gateway.get("/health").body()).contains("\"bookstore\":\"DOWN\"");
    assertThat(gateway.get("/readyz").statusCode()).isEqualTo(503);
    assertThat(gateway.get("/livez").statusCode()).isEqualTo(200);

    gateway.say(ServingStatus.SERVING);
    awaitStatus("/health", 200);
  }

  @Test
  void anUpstreamThatIsGoneIsDownAndItsCallsAreRefusedAtOnce() throws InterruptedException {
    gateway.stopBackend();

    awaitStatus("/health", 503);
    var response = gateway.get("/shelves");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    assertThat(response.body())
        .contains("\"dependency\":\"bookstore\"")
        .doesNotContain("127.0.0.1")
        .doesNotContain("Connection refused");
  }

  @Test
  void metricsAreOnTheAdminPortOnly() throws IOException, InterruptedException {
    gateway.get("/shelves");
    gateway.get("/nowhere");

    assertThat(admin("/metrics").body())
        .contains("gateway_requests_seconds_count{door=\"rest\"")
        .contains("rpc=\"bookstore.Bookstore/ListShelves\"")
        .contains("status=\"404\"");
    assertThat(gateway.get("/metrics").statusCode()).isEqualTo(404);
  }

  @Test
  void theDescriptorSetIsServed() throws IOException {
    var response = gateway.exchange(gateway.request("/descriptor.pb"), BodyHandlers.ofByteArray());

    assertThat(response.headers().firstValue("content-type")).hasValue("application/x-protobuf");
    assertThat(FileDescriptorSet.parseFrom(response.body()).getFileList())
        .extracting(file -> file.getName())
        .contains("bookstore/bookstore.proto");
  }

  @Test
  void aBrowserFindsAPage() {
    var response = gateway.get("/");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/html");
    assertThat(response.body()).contains("/descriptor.pb");
  }
}
