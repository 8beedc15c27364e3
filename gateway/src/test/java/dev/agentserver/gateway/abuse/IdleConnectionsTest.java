package dev.agentserver.gateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.kit.test.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Connections that nobody uses. `-Dgateway.connections=15000` opens so many, and says what they
/// cost.
class IdleConnectionsTest {
  private static final int CONNECTIONS = Integer.getInteger("gateway.connections", 500);
  private static final int REQUESTS = 200;
  private static final long KIBIBYTE = 1024;

  private final TestGateway gateway = new TestGateway();

  @Test
  void connectionsThatNobodyUsesCostLittleAndOthersAreServedBesideThem()
      throws IOException, InterruptedException {
    try (gateway) {
      requests();
      var alone = requests();
      var before = Fuzzing.memory();
      var rssBefore = resident();
      var holder = holder();
      try {
        assertThat(holder.inputReader().readLine()).isEqualTo("open");
        Await.until("all are accepted", () -> connections() >= CONNECTIONS);

        var beside = requests();
        var each = (Fuzzing.memory() - before) / CONNECTIONS;
        System.out.printf(
            "FIGURE %d idle connections: %.1f KiB each of heap and buffers, RSS from %d to %d MiB,"
                + " a request takes %d us beside them, %d us alone%n",
            CONNECTIONS,
            each / (double) KIBIBYTE,
            rssBefore,
            resident(),
            beside.toNanos() / 1_000,
            alone.toNanos() / 1_000);
        assertThat(each).isLessThan(64 * KIBIBYTE);
      } finally {
        holder.destroyForcibly().waitFor();
      }
      Await.until("they are forgotten", () -> connections() < CONNECTIONS / 10);
    }
  }

  private Process holder() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            Integer.toString(gateway.gateway().port()),
            Integer.toString(CONNECTIONS))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /// The median of what normal requests take; every one is served.
  private Duration requests() {
    var nanos = new long[REQUESTS];
    for (int i = 0; i < REQUESTS; i++) {
      var start = System.nanoTime();
      assertThat(gateway.get("/shelves").statusCode()).isEqualTo(200);
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return Duration.ofNanos(nanos[REQUESTS / 2]);
  }

  private int connections() {
    return gateway
        .send(gateway.adminRequest("/metrics"))
        .body()
        .lines()
        .filter(line -> line.startsWith("armeria_server_connections{"))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /// What the process has in memory, in MiB; 0 where the system does not tell.
  private static long resident() throws IOException {
    var status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (var lines = Files.lines(status)) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .sum()
          / KIBIBYTE;
    }
  }
}
