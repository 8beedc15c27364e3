package dev.agentserver.allinone.postgres;

import dev.agentserver.allinone.data.PrivateFile;
import dev.agentserver.allinone.data.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// Everything a run of PostgreSQL needs: its programs, its files, its port and its log.
record Server(
    Path directory,
    Binaries binaries,
    Commands commands,
    Cluster cluster,
    ServerLog log,
    int port) {
  /// The major version of the binaries this version brings; their version is in the parent pom.
  static final int MAJOR = 18;

  private static final int ATTEMPTS = 3;
  private static final Duration PAUSE = Duration.ofMillis(250);

  static Server open(Path directory) throws IOException, InterruptedException {
    var leftovers = new Leftovers(directory, directory.resolve("cluster"));
    leftovers.clear();
    var commands = Commands.ofThisMachine();
    var binaries = Binaries.install(directory);
    var cluster = Cluster.open(directory, binaries, commands, MAJOR);
    var log = new ServerLog(directory.resolve("postgres.log"));
    return new Server(
        directory, binaries, commands, cluster, log, keptPort(directory.resolve("port")));
  }

  /// Starts PostgreSQL and waits until it answers. What an earlier run left is cleared first, and
  /// the start is tried again: the memory a killed run shared is given back by the system only when
  /// its last process is gone.
  Postmaster launch() throws IOException, InterruptedException {
    var leftovers = new Leftovers(directory, cluster.files());
    for (var attempt = 1; ; attempt++) {
      leftovers.clear();
      var since = log.turn();
      var command = commands.command(cluster.startCommand(binaries, port));
      var postmaster = Postmaster.launch(command, cluster.files(), log.file());
      if (ready(postmaster)) {
        return postmaster;
      }
      if (attempt == ATTEMPTS) {
        throw new StartFailure(
            "PostgreSQL does not start: %s. The data directory may be damaged (%s); the whole log is %s."
                .formatted(log.complaint(since), cluster.files(), log.file()));
      }
      Thread.sleep(PAUSE);
    }
  }

  private static boolean ready(Postmaster postmaster) throws IOException, InterruptedException {
    try {
      return postmaster.awaitReady();
    } catch (InterruptedException asked) {
      postmaster.stop();
      throw asked;
    }
  }

  /// The port of the last run, so that what is configured with it stays right; another one when
  /// somebody took it.
  private static int keptPort(Path file) {
    var kept =
        PrivateFile.read(file)
            .map(String::strip)
            .filter(text -> text.matches("\\d{4,5}"))
            .map(Integer::valueOf);
    if (kept.isPresent() && FreePort.free(kept.get())) {
      return kept.get();
    }
    var port = FreePort.find();
    PrivateFile.write(file, port + "\n");
    return port;
  }
}
