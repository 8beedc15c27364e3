package dev.agentserver.e2e.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The PostgreSQL under a server, as its administrator sees it.
public final class Database {
  private final String url;
  private final String password;

  private Database(String url, String password) {
    this.url = url;
    this.password = password;
  }

  public static Database of(Server server) {
    try {
      var password = server.data().resolve("postgres").resolve("superuser-password");
      return new Database(
          server.endpoints().path("postgres").asText(), Files.readString(password).strip());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Another database of the same PostgreSQL, made anew.
  public Database fresh(String name) {
    run("drop database if exists " + name + " with (force)");
    run("create database " + name);
    return new Database(url.substring(0, url.lastIndexOf('/') + 1) + name, password);
  }

  String url() {
    return url;
  }

  String password() {
    return password;
  }

  /// The first column of every row.
  public List<String> column(String sql) {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var column = new ArrayList<String>();
      while (rows.next()) {
        column.add(rows.getString(1));
      }
      return column;
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

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url, "postgres", password);
  }
}
