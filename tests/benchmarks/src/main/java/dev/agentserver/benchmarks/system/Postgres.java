package dev.agentserver.benchmarks.system;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/// The PostgreSQL of the server under test, as its administrator reaches it. Floors and peers work
/// on the same tables.
public record Postgres(String host, int port, String database, String password, long postmaster) {
  public static final String USER = "postgres";
  public static final String SCHEMA = "conversation";

  static Postgres of(Path directory, String jdbc) throws IOException {
    var url = URI.create(jdbc.substring("jdbc:".length()));
    var pid = Files.readAllLines(directory.resolve("cluster").resolve("postmaster.pid")).getFirst();
    return new Postgres(
        url.getHost(),
        url.getPort(),
        url.getPath().substring(1),
        Files.readString(directory.resolve("superuser-password")).strip(),
        Long.parseLong(pid.strip()));
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbc() + "?currentSchema=" + SCHEMA, USER, password);
  }

  /// Where it is, without who asks.
  String jdbc() {
    return "jdbc:postgresql://%s:%d/%s".formatted(host, port, database);
  }

  /// A new database of the same cluster, in which the schema is empty.
  Postgres fresh(String name) {
    run("create database " + name);
    var fresh = new Postgres(host, port, name, password, postmaster);
    fresh.run("create schema " + SCHEMA);
    return fresh;
  }

  /// What libpq, and everybody who follows it, reads.
  public Map<String, String> environment() {
    return Map.of(
        "PGHOST", host,
        "PGPORT", Integer.toString(port),
        "PGDATABASE", database,
        "PGUSER", USER,
        "PGPASSWORD", password,
        "PGOPTIONS", "-c search_path=" + SCHEMA);
  }

  /// The first column of the first row.
  public String ask(String sql) {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
  }

  public void run(String sql) {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
  }
}
