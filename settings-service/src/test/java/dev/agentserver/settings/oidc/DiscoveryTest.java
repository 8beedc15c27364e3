package dev.agentserver.settings.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentserver.kit.config.Profile;
import dev.agentserver.kit.test.MovableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveryTest {
  private final CountDownLatch over = new CountDownLatch(1);
  private final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final ProviderHttp http = new ProviderHttp(Duration.ofMillis(500));
  private HttpServer server;
  private volatile String document = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    http.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestURI().getPath()) {
      case "/moved/.well-known/openid-configuration" -> {
        exchange.getResponseHeaders().add("Location", base() + "/.well-known/openid-configuration");
        exchange.sendResponseHeaders(302, -1);
      }
      case "/slow/.well-known/openid-configuration" -> trickle(exchange);
      case String _ -> {
        var body = document.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
    }
    exchange.close();
  }

  /// Headers and a first byte, and then nothing for as long as the test runs.
  private void trickle(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 1000);
    exchange.getResponseBody().write('{');
    exchange.getResponseBody().flush();
    try {
      over.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private Discovery discovery(String path) {
    var json =
        """
        [{"issuer": "%s", "audiences": "a", "tenant": "01990000-0000-7000-8000-000000000000"}]
        """
            .formatted(base() + path);
    return new Discovery(IssuersFile.parse(json, Profile.DEV).getFirst(), http, clock);
  }

  private void publish(String issuer, String jwksUri) {
    document = "{\"issuer\": \"%s\", \"jwks_uri\": \"%s\"}".formatted(issuer, jwksUri);
  }

  @Test
  void theKeysAreWhereTheProviderSays() throws IOException {
    publish(base(), "https://keys.example.com/jwks");

    assertThat(discovery("").jwksUri()).hasToString("https://keys.example.com/jwks");
  }

  @Test
  void theDescriptionIsReadAnewAfterAnHourAndServesWhileItCannotBe() throws IOException {
    publish(base(), "https://one.example.com/jwks");
    var discovery = discovery("");
    discovery.jwksUri();
    publish(base(), "https://two.example.com/jwks");

    assertThat(discovery.jwksUri()).hasToString("https://one.example.com/jwks");
    clock.move(Duration.ofHours(1));
    assertThat(discovery.jwksUri()).hasToString("https://two.example.com/jwks");
    document = "gone";
    clock.move(Duration.ofHours(1));
    assertThat(discovery.jwksUri()).hasToString("https://two.example.com/jwks");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "x", "https://evil.example"})
  void anotherIssuersDescriptionIsRefused(String other) {
    publish(other.startsWith("https") ? other : base() + other, "https://one.example.com/jwks");

    assertThatThrownBy(() -> discovery("").jwksUri())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not of " + base());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://keys.example.com/jwks", "file:///etc/passwd", "ftp://x/y", "jwks"})
  void keysComeBySafeWaysOnly(String uri) {
    publish(base(), uri);

    assertThatThrownBy(() -> discovery("").jwksUri())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("https://");
  }

  @Test
  void nothingElseIsTaken() {
    for (var bad : new String[] {"", "[]", "{", "{}", "{\"issuer\": 7}", "x".repeat(600_000)}) {
      document = bad;
      assertThatThrownBy(() -> discovery("").jwksUri()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aRedirectIsNotFollowed() {
    publish(base() + "/moved", "https://one.example.com/jwks");

    assertThatThrownBy(() -> discovery("/moved").jwksUri())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("302");
  }

  @Test
  void anAnswerThatTricklesInIsGivenUp() {
    assertThatThrownBy(() -> discovery("/slow").jwksUri())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not answer within");
  }
}
