package dev.agentserver.e2e.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A process and its children, stopped where they are (SIGSTOP): there, and without an answer. They
/// go on when it is closed.
public final class Frozen implements AutoCloseable {
  private final List<String> processes;

  private Frozen(List<String> processes) {
    this.processes = processes;
  }

  public static Frozen of(ProcessHandle process) {
    var frozen =
        new Frozen(
            Stream.concat(Stream.of(process), process.descendants())
                .map(each -> Long.toString(each.pid()))
                .toList());
    frozen.signal("-STOP");
    return frozen;
  }

  private void signal(String signal) {
    var command = new ArrayList<>(List.of("kill", signal));
    command.addAll(processes);
    try {
      // A child that has ended since is no failure.
      new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    signal("-CONT");
  }
}
