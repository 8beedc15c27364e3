package dev.agentserver.allinone.postgres;

import dev.agentserver.allinone.data.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Clears what a killed process left: a PostgreSQL that lost the process that watched it, or the
/// children of a PostgreSQL that was itself killed. Both would keep a new one from starting.
///
/// The caller holds the lock of the data directory, so whatever still runs from it belongs to
/// nobody.
final class Leftovers {
  private static final Duration QUICK = Duration.ofSeconds(20);
  private static final Duration KILL = Duration.ofSeconds(5);
  private static final Duration GLANCE = Duration.ofMillis(20);

  private final Path directory;
  private final Path pidFile;

  Leftovers(Path directory, Path cluster) {
    this.directory = directory;
    this.pidFile = cluster.resolve(Postmaster.PID_FILE);
  }

  /// Returns whether there was anything.
  boolean clear() throws IOException, InterruptedException {
    var found = running();
    if (!found.isEmpty()) {
      stopPostmaster(found);
      running().forEach(ProcessHandle::destroyForcibly);
      if (!goneWithin(KILL)) {
        throw new StartFailure(
            "Processes of an earlier PostgreSQL cannot be stopped: " + running());
      }
    }
    // Its process is gone, but PostgreSQL would still believe the file if the number belonged to
    // another process by now.
    return Files.deleteIfExists(pidFile) || !found.isEmpty();
  }

  private void stopPostmaster(List<ProcessHandle> found) throws IOException, InterruptedException {
    var pid = Postmaster.Status.read(pidFile).pid();
    for (var process : found) {
      if (process.pid() == pid) {
        Commands.signal(process, "INT");
        goneWithin(QUICK);
      }
    }
  }

  private boolean goneWithin(Duration limit) throws InterruptedException {
    var end = System.nanoTime() + limit.toNanos();
    while (!running().isEmpty()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(GLANCE);
    }
    return true;
  }

  private List<ProcessHandle> running() {
    return ProcessHandle.allProcesses()
        .filter(process -> Binaries.runBy(process, directory))
        .toList();
  }
}
