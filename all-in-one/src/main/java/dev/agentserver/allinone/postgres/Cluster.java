package dev.agentserver.allinone.postgres;

import dev.agentserver.allinone.data.PrivateFile;
import dev.agentserver.allinone.data.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/// The files of one database cluster: made on first use, checked on every other.
final class Cluster {
  static final String SUPERUSER = "postgres";

  private static final int PASSWORD_BYTES = 24;

  /// A commit waits until it is on disk. Only the JVM of a test may say otherwise: it kills
  /// processes, which loses nothing that was written, and never crashes the machine.
  private static final boolean DURABLE =
      !"off".equals(System.getProperty("agentserver.postgres.fsync"));

  private final Path files;
  private final String password;

  private Cluster(Path files, String password) {
    this.files = files;
    this.password = password;
  }

  /// Opens the cluster below the directory. It is made beside its place and moved there when
  /// complete, so a start that was killed half-way is simply made again.
  static Cluster open(Path directory, Binaries binaries, Commands commands, int major)
      throws IOException, InterruptedException {
    var files = directory.resolve("cluster");
    var passwordFile = directory.resolve("superuser-password");
    if (Files.exists(files)) {
      check(files, major);
      var password =
          PrivateFile.read(passwordFile)
              .orElseThrow(() -> damaged(files, passwordFile + " is missing"))
              .strip();
      return new Cluster(files, password);
    }
    var password = random();
    PrivateFile.write(passwordFile, password + "\n");
    initialise(directory.resolve("cluster.new"), files, passwordFile, binaries, commands);
    return new Cluster(files, password);
  }

  Path files() {
    return files;
  }

  String password() {
    return password;
  }

  /// PostgreSQL with durable commits, on the loopback interface only, by password only. The flags
  /// are given on every start, so that they are those of this version whatever the cluster's own
  /// file says.
  List<String> startCommand(Binaries binaries, int port) {
    return List.of(
        binaries.program("postgres"),
        "-D",
        files.toString(),
        "-p",
        Integer.toString(port),
        "--listen_addresses=127.0.0.1",
        "--unix_socket_directories=",
        "--fsync=" + (DURABLE ? "on" : "off"),
        "--synchronous_commit=on",
        "--full_page_writes=on",
        "--max_connections=200",
        // Plans that were made while tables were empty are kept until it comes round.
        "--autovacuum_naptime=5s",
        "--timezone=UTC",
        "--log_timezone=UTC",
        "--log_line_prefix=%m [%p] %u@%d ");
  }

  static StartFailure damaged(Path files, String what) {
    return new StartFailure(
        "The data directory is damaged: %s (%s). Restore it from a backup, or choose another directory with --data."
            .formatted(what, files));
  }

  private static void check(Path files, int major) throws IOException {
    var version = files.resolve("PG_VERSION");
    if (!Files.isRegularFile(version)) {
      throw damaged(files, "PG_VERSION is missing");
    }
    var found = Files.readString(version).strip();
    if (!found.equals(Integer.toString(major))) {
      throw new StartFailure(
          "%s was written by PostgreSQL %s, this version of Agent Server brings PostgreSQL %d. Start the version that wrote it, or choose another directory with --data."
              .formatted(files, found.isEmpty() ? "(unknown)" : found, major));
    }
  }

  private static void initialise(
      Path draft, Path files, Path passwordFile, Binaries binaries, Commands commands)
      throws IOException, InterruptedException {
    remove(draft);
    var result =
        commands.runToEnd(
            List.of(
                binaries.program("initdb"),
                "--pgdata=" + draft,
                "--username=" + SUPERUSER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions",
                DURABLE ? "--sync-method=fsync" : "--no-sync"));
    if (!result.succeeded()) {
      throw new StartFailure(
          "PostgreSQL could not make its files in %s:%n%s".formatted(files, result.output()));
    }
    Files.move(draft, files, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void remove(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (var files = Files.walk(tree)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static String random() {
    var bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
