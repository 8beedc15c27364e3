package dev.agentserver.kit.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One PostgreSQL for all tests of a JVM. It starts when first asked for and ends with the JVM. It
/// does not wait for the disk, so it proves nothing about crashes.
public final class PostgresFixture {
  private static final class Holder {
    static final EmbeddedPostgres SERVER = start();
  }

  private PostgresFixture() {}

  private static EmbeddedPostgres start() {
    try {
      var binaries =
          Path.of(System.getProperty("user.home"), ".cache", "agentserver", "postgresql");
      Files.createDirectories(binaries);
      return EmbeddedPostgres.builder()
          .setPort(FreePort.find())
          .setOverrideWorkingDirectory(binaries.toFile())
          .setServerConfig("max_connections", "300")
          .setServerConfig("fsync", "off")
          .start();
    } catch (IOException failure) {
      throw new UncheckedIOException("the test PostgreSQL does not start", failure);
    }
  }

  /// The JDBC URL of a database, without credentials.
  static String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + Holder.SERVER.getPort() + "/" + database;
  }
}
