package dev.agentserver.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.gateway.test.TestGateway;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A gateway that is told to stop lets what runs finish.
class DrainTest {
  @Test
  void aRunningRequestIsFinishedFirst() throws Exception {
    try (var gateway = new TestGateway()) {
      var running =
          CompletableFuture.supplyAsync(
              () -> gateway.send(gateway.request("/v1/hang").header("X-Server-Timeout", "1.5")));
      gateway.awaitHanging();

      gateway.gateway().close();

      assertThat(running.get(1, TimeUnit.SECONDS).statusCode()).isEqualTo(504);
      assertThatThrownBy(() -> gateway.get("/shelves")).isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void whatTakesTooLongIsCut() throws Exception {
    try (var gateway = new TestGateway(Map.of("DRAIN_TIMEOUT", "300ms"))) {
      var running =
          CompletableFuture.supplyAsync(() -> status(gateway)).orTimeout(20, TimeUnit.SECONDS);
      gateway.awaitHanging();

      gateway.gateway().close();

      assertThat(running.get()).isNotEqualTo(200);
      gateway.awaitCancelled();
    }
  }

  private static int status(TestGateway gateway) {
    try {
      HttpResponse<String> response =
          gateway.send(gateway.request("/v1/hang").timeout(Duration.ofSeconds(20)));
      return response.statusCode();
    } catch (UncheckedIOException cut) {
      return -1;
    }
  }

  @Test
  void aPortThatIsTakenStopsTheStart() throws Exception {
    try (var taken = new ServerSocket(0)) {
      var environment = Map.of("HOST", "0.0.0.0", "PORT", Integer.toString(taken.getLocalPort()));

      assertThatThrownBy(() -> new TestGateway(environment).close())
          .hasStackTraceContaining("Address already in use");
    }
  }
}
