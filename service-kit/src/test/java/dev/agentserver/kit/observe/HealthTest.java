package dev.agentserver.kit.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.LogCapture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthTest {
  private final Health health = new Health();
  private final Metrics metrics = new Metrics("test");
  private final AtomicBoolean up = new AtomicBoolean(true);
  private LogCapture log;
  private AdminHttp admin;

  @BeforeEach
  void start() {
    log = LogCapture.of(Health.class);
    admin = AdminHttp.start("127.0.0.1", 0, metrics, health);
  }

  @AfterEach
  void stop() {
    admin.close();
    health.close();
    metrics.close();
    log.close();
  }

  @Test
  void aProcessThatDoesNotListenYetIsNotReady() {
    try (var starting = new Health()) {
      starting.starting();
      starting.register("database", () -> {});
      assertThat(starting.serving()).isFalse();
      var heard = new java.util.ArrayList<Boolean>();
      starting.listen(heard::add);
      starting.started();
      assertThat(starting.serving()).isTrue();
      assertThat(heard).containsExactly(false, true);
    }
  }

  @Test
  void aWarningIsShownAndTheServiceGoesOnServing() {
    var warning = new java.util.concurrent.atomic.AtomicReference<String>();
    health.warn("secrets", () -> java.util.Optional.ofNullable(warning.get()));
    assertThat(get("/health").body()).isEqualTo("{\"status\":\"SERVING\",\"dependencies\":{}}");
    warning.set("3 UNDECRYPTABLE");
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(get("/health").body()).endsWith("},\"secrets\":\"3 UNDECRYPTABLE\"}");
  }

  @Test
  void healthIs503WithinFiveSecondsOfADependencyStopping() {
    health.register("database", this::check);
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(get("/health").body())
        .isEqualTo("{\"status\":\"SERVING\",\"dependencies\":{\"database\":\"UP\"}}");
    var before = System.nanoTime();
    up.set(false);
    Await.until("it is noticed", () -> get("/health").statusCode() == 503);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    assertThat(get("/health").body()).contains("NOT_SERVING", "\"database\":\"DOWN\"");
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    up.set(true);
    Await.until("it is back", () -> get("/readyz").statusCode() == 200);
    assertThat(log.lines())
        .anySatisfy(line -> assertThat(line.getFormattedMessage()).isEqualTo("database is down"));
  }

  @Test
  void aDependencyThatDoesNotAnswerCountsAsDown() {
    var never = new CountDownLatch(1);
    health.register("database", never::await);
    assertThat(health.serving()).isFalse();
  }

  @Test
  void aDependencyThatIsDownAtTheStartIsKnownAtOnce() {
    up.set(false);
    health.register("database", this::check);
    assertThat(health.serving()).isFalse();
  }

  @Test
  void listenersHearTheStateAndEveryChange() {
    var heard = new CopyOnWriteArrayList<Boolean>();
    health.listen(heard::add);
    assertThat(heard).containsExactly(true);
    health.drain();
    assertThat(heard).containsExactly(true, false);
    assertThat(health.json()).contains("DRAINING");
  }

  @Test
  void aCheckThatIsBrokenOffByTheStopIsNoNews() {
    var asked = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    var broken = new CountDownLatch(1);
    var patient = new AtomicBoolean();
    var stopping = new Health();
    stopping.register(
        "neighbour",
        () -> {
          if (patient.get()) {
            asked.countDown();
            try {
              stopped.await();
            } finally {
              broken.countDown();
            }
          }
        });
    patient.set(true);
    Await.until("it is asked", () -> asked.getCount() == 0);
    stopping.close();
    Await.until("the check is broken off", () -> broken.getCount() == 0);
    assertThat(log.lines())
        .extracting(line -> line.getFormattedMessage())
        .containsExactly("neighbour is up");
  }

  @Test
  void metricsAreThereForPrometheus() {
    metrics.counter("agentserver.things", "Things.", "kind", "a").increment();
    metrics.gauge("agentserver.level", "Level.", () -> 7);
    var answer = get("/metrics");
    assertThat(answer.headers().firstValue("Content-Type"))
        .get()
        .asString()
        .startsWith("text/plain; version=0.0.4");
    assertThat(answer.body())
        .contains(
            "agentserver_things_total{kind=\"a\",service=\"test\"} 1.0",
            "agentserver_level{service=\"test\"} 7.0");
  }

  @Test
  void otherPathsAreNotFound() {
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/metrics/more").statusCode()).isEqualTo(404);
  }

  @Test
  void anAdminPortThatIsTakenIsNamed() {
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> AdminHttp.start("127.0.0.1", admin.port(), metrics, health))
        .hasMessageContaining("admin port " + admin.port());
  }

  private void check() {
    if (!up.get()) {
      throw new IllegalStateException("down");
    }
  }

  private HttpResponse<String> get(String path) {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin.port() + path)).build();
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException failed) {
      throw new AssertionError(failed);
    }
  }
}
