package dev.agentserver.allinone.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One run of PostgreSQL's main process, a child of this one.
final class Postmaster {
  static final String PID_FILE = "postmaster.pid";

  private static final Duration GLANCE = Duration.ofMillis(10);
  private static final Duration QUICK = Duration.ofSeconds(30);
  private static final Duration IMMEDIATE = Duration.ofSeconds(5);

  private final Process process;
  private final Path pidFile;

  private Postmaster(Process process, Path pidFile) {
    this.process = process;
    this.pidFile = pidFile;
  }

  static Postmaster launch(ProcessBuilder command, Path cluster, Path log) throws IOException {
    command.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    var process = command.start();
    process.getOutputStream().close();
    return new Postmaster(process, cluster.resolve(PID_FILE));
  }

  /// Waits until it answers; false when it ended instead. There is no limit: recovery after a crash
  /// takes as long as it takes, and a process that runs is at it.
  boolean awaitReady() throws InterruptedException, IOException {
    while (process.isAlive()) {
      var status = Status.read(pidFile);
      if (status.ready() && status.pid() == process.pid()) {
        return true;
      }
      Thread.sleep(GLANCE);
    }
    return false;
  }

  int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  long pid() {
    return process.pid();
  }

  /// Ends it: open transactions are rolled back, everything committed is on disk. Only when that
  /// takes too long is it made to end at once, which costs a recovery at the next start and nothing
  /// else.
  void stop() throws IOException, InterruptedException {
    if (!process.isAlive()) {
      return; // its number may belong to another process by now
    }
    Commands.signal(process.toHandle(), "INT");
    if (process.waitFor(QUICK.toMillis(), TimeUnit.MILLISECONDS)) {
      return;
    }
    Commands.signal(process.toHandle(), "QUIT");
    if (!process.waitFor(IMMEDIATE.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /// What `postmaster.pid` says: the process on its first line, its state on the eighth.
  record Status(long pid, boolean ready) {
    private static final Status NONE = new Status(-1, false);
    private static final int STATE = 7;

    static Status read(Path file) throws IOException {
      try {
        var lines = Files.readAllLines(file);
        return lines.isEmpty() ? NONE : new Status(number(lines.getFirst()), ready(lines));
      } catch (NoSuchFileException _) {
        return NONE;
      }
    }

    private static boolean ready(List<String> lines) {
      return lines.size() > STATE && lines.get(STATE).strip().equals("ready");
    }

    private static long number(String line) {
      try {
        return Long.parseLong(line.strip());
      } catch (NumberFormatException _) {
        return NONE.pid(); // written half, or damaged: no process is named
      }
    }
  }
}
