package dev.agentserver.worker.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Value;
import com.google.protobuf.util.Structs;
import com.google.protobuf.util.Values;
import dev.agentserver.worker.RunContext;
import dev.agentserver.worker.RunFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Does many steps, each of which takes its time and has an effect outside: a line in a file.
final class Slow {
  private static final int MOST_STEPS = 10_000;
  private static final int KILLED = 137;

  private final Optional<Path> effects;
  private final boolean mayHalt;

  /// @param effects where each step writes its run, key and lease
  /// @param mayHalt whether the process is the worker's own
  Slow(Optional<Path> effects, boolean mayHalt) {
    this.effects = effects;
    this.mayHalt = mayHalt;
  }

  /// @param crashes in how many attempts the process ends in the middle of the second step
  void run(RunContext run, int crashes) {
    if (crashes > 0 && !mayHalt) {
      throw new RunFailure("NOT_ALONE", "the worker shares its process with others", false);
    }
    var input = Input.of(run.input());
    var steps = Math.min(MOST_STEPS, input.number("steps", MOST_STEPS));
    var pause = input.number("pause_ms", 100);
    for (var i = 1; i <= steps; i++) {
      var key = "step-" + i;
      var crash = i == 2 && run.run().getAttempt() <= crashes;
      run.step(key, () -> step(run, key, pause, crash));
    }
    run.output(Values.of(Structs.of("steps", Values.of(steps))));
  }

  private Value step(RunContext run, String key, int pause, boolean crash) {
    effects.ifPresent(file -> write(file, run, key));
    if (crash) {
      Runtime.getRuntime().halt(KILLED);
    }
    try {
      Thread.sleep(pause);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      run.check();
    }
    return Values.of(key);
  }

  private static void write(Path file, RunContext run, String key) {
    var line = run.run().getId() + " " + key + " " + run.leaseEpoch() + "\n";
    try {
      Files.write(file, line.getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
