package dev.agentserver.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.benchmarks.measure.Measured;
import dev.agentserver.benchmarks.row.Section;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Runs every benchmark with windows too small to say anything, and looks at what was done, never
/// at how long it took. Prisma is left out: it is 300 MB to install.
class BenchmarksTest {
  private static final List<String> PEERS = List.of("node-pg", "express-multer");

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void everyBenchmarkDoesItsWork() {
    var report = new Report(new PrintStream(OutputStream.nullOutputStream()));

    var sections = Benchmarks.run(Path.of("."), Plan.proof(), List.of(), PEERS, report::print);

    assertThat(sections)
        .extracting(Section::title)
        .containsExactly(
            "append a message",
            "list 50 messages",
            "append, 50 a second",
            "deltas of 20 streams",
            "event to 20 watchers",
            "check a token",
            "exchange a key",
            "through the gateway",
            "event at another replica",
            "read the configuration",
            "a setting at its watchers",
            "evaluate a flag",
            "acquire a run",
            "append run events",
            "run event to 20 watchers",
            "record usage",
            "dashboard of 20,000 calls",
            "search in 10,000 messages",
            "a page of 1,000 messages",
            "a path of 100 messages",
            "growth: list messages",
            "growth: list conversations",
            "growth: search",
            "growth: append",
            "upload 4 KiB",
            "download 4 KiB",
            "upload 6 MiB",
            "download 6 MiB",
            "hop: append a message",
            "hop: 50 messages",
            "hop: 1,000 events");
    for (var section : sections) {
      assertThat(section.columns())
          .as(section.title())
          .isNotEmpty()
          .allMatch(column -> column.requests() > 0)
          .extracting(Measured::failures)
          .containsOnly(0L);
    }
    report.print(sections);
  }
}
