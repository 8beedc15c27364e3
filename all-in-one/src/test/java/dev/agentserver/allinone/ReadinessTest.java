package dev.agentserver.allinone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.agentserver.allinone.data.StartFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/readyz",
        exchange -> {
          exchange.sendResponseHeaders(asked.incrementAndGet() < 3 ? 503 : 200, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void itAsksUntilTheAnswerIsYes() {
    Readiness.await(url());
    assertThat(asked).hasValue(3);
  }

  @Test
  void nobodyThereIsAFailureThatNamesThePlace() {
    server.stop(0);
    assertThatThrownBy(() -> Readiness.await(url()))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining(url());
  }

  @Test
  void anInterruptEndsTheWait() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> Readiness.await(url())).isInstanceOf(StartFailure.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }
}
