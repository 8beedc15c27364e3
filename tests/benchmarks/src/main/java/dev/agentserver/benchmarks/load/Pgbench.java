package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.measure.Done;
import dev.agentserver.benchmarks.measure.Driver;
import dev.agentserver.benchmarks.system.Commands;
import dev.agentserver.benchmarks.system.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// pgbench: the floor, which is a statement and nothing around it. As many connections as the
/// service's pool has.
public final class Pgbench implements Driver {
  private static final String PROGRAM = "pgbench";
  private static final int CONNECTIONS = 8;
  private static final Pattern TRANSACTIONS =
      Pattern.compile("number of transactions actually processed: (\\d+)");
  private static final Pattern FAILED = Pattern.compile("number of failed transactions: (\\d+)");
  private static final Pattern TPS = Pattern.compile("tps = ([\\d.]+) \\(without");

  private final Postgres postgres;
  private final String script;
  private final Map<String, Object> variables;
  private final int connections;

  /// @param script the name of a file in `sql/`
  public Pgbench(Postgres postgres, String script, Map<String, Object> variables) {
    this(postgres, script, variables, CONNECTIONS);
  }

  public Pgbench(Postgres postgres, String script, Map<String, Object> variables, int connections) {
    this.postgres = postgres;
    this.script = script;
    this.variables = variables;
    this.connections = connections;
  }

  public static boolean available() {
    return Commands.exists(PROGRAM);
  }

  @Override
  public Done run(Duration time) {
    var file = copy();
    try {
      var seconds = Math.max(1, time.toSeconds());
      return read(Commands.run(Path.of("."), postgres.environment(), command(file, seconds)));
    } finally {
      file.toFile().delete();
    }
  }

  private List<String> command(Path file, long seconds) {
    var command =
        new ArrayList<>(
            List.of(
                PROGRAM,
                "--no-vacuum",
                "--protocol=prepared",
                "--client=" + connections,
                "--time=" + seconds,
                "--file=" + file));
    variables.forEach((name, value) -> command.add("--define=" + name + "=" + value));
    return command;
  }

  private static Done read(String output) {
    var transactions = TRANSACTIONS.matcher(output);
    var failed = FAILED.matcher(output);
    var tps = TPS.matcher(output);
    if (!transactions.find() || !tps.find()) {
      throw new IllegalStateException(output);
    }
    var count = Long.parseLong(transactions.group(1));
    var nanos = count / Double.parseDouble(tps.group(1)) * 1e9;
    return new Done(
        count, failed.find() ? Long.parseLong(failed.group(1)) : 0, Duration.ofNanos((long) nanos));
  }

  private Path copy() {
    try (var source = Pgbench.class.getResourceAsStream("/sql/" + script)) {
      var file = Files.createTempFile("pgbench", ".sql");
      Files.write(file, source.readAllBytes());
      return file;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
