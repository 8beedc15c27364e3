package dev.agentserver.allinone.postgres;

import dev.agentserver.allinone.data.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL with durable commits, kept in a directory, and kept running: when it dies it is
/// started again on the same port, and whoever uses it finds it there.
public final class EmbeddedDatabase implements AutoCloseable {
  /// The major version of PostgreSQL this version brings.
  public static final int MAJOR = Server.MAJOR;

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final String NAME = "agentserver";
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Server server;
  private final Thread supervisor;
  private volatile Postmaster postmaster;
  private volatile boolean stopping;

  private EmbeddedDatabase(Server server, Postmaster postmaster) {
    this.server = server;
    this.postmaster = postmaster;
    this.supervisor = Thread.ofVirtual().name("postgres-supervisor").unstarted(this::supervise);
  }

  /// Starts it and waits until it answers.
  public static EmbeddedDatabase start(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      var server = Server.open(directory.toRealPath());
      var database = new EmbeddedDatabase(server, server.launch());
      database.supervisor.start();
      database.createDatabase();
      return database;
    } catch (IOException failure) {
      throw new StartFailure(
          "PostgreSQL does not start in %s: %s".formatted(directory, failure), failure);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new StartFailure("The start was interrupted.");
    }
  }

  /// Where the database is, for JDBC.
  public String url() {
    return url(NAME);
  }

  public String superuser() {
    return Cluster.SUPERUSER;
  }

  public String superuserPassword() {
    return server.cluster().password();
  }

  /// The password of a role of this database: the same each time, and nobody's guess.
  public String password(String role) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(superuserPassword()), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(bytes(role)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has HMAC-SHA-256", impossible);
    }
  }

  public int port() {
    return server.port();
  }

  /// The process that runs now.
  public long pid() {
    return postmaster.pid();
  }

  /// Stops it, the supervisor first. An interrupt that was for the start does not cut the end
  /// short.
  @Override
  public void close() {
    var interrupted = Thread.interrupted();
    stopping = true;
    supervisor.interrupt();
    try {
      supervisor.join();
      postmaster.stop();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException _) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void supervise() {
    try {
      while (!stopping) {
        var status = postmaster.waitFor();
        LOG.warn(
            "PostgreSQL (process {}) ended with status {}; starting it again",
            postmaster.pid(),
            status);
        postmaster = restart();
        LOG.warn("PostgreSQL runs again on port {} (process {})", server.port(), postmaster.pid());
      }
    } catch (InterruptedException _) {
      LOG.debug("the supervisor of PostgreSQL was told to stop");
    }
  }

  /// Tries until it runs: a full disk is emptied, a taken port given back, and nobody else would
  /// start it.
  private Postmaster restart() throws InterruptedException {
    var pause = Duration.ofMillis(250);
    while (true) {
      try {
        return server.launch();
      } catch (IOException | StartFailure failure) {
        LOG.error("PostgreSQL does not start again: {}", failure.getMessage());
      }
      Thread.sleep(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  private void createDatabase() {
    try (var connection =
            DriverManager.getConnection(url("postgres"), superuser(), superuserPassword());
        var statement = connection.createStatement();
        var found =
            statement.executeQuery("select 1 from pg_database where datname = '" + NAME + "'")) {
      if (!found.next()) {
        statement.execute("create database " + NAME);
      }
    } catch (SQLException failure) {
      close();
      throw new StartFailure(
          "PostgreSQL runs but refuses its administrator: " + failure.getMessage(), failure);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), database);
  }
}
