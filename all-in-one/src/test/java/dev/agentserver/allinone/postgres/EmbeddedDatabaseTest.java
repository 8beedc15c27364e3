package dev.agentserver.allinone.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.allinone.Await;
import dev.agentserver.allinone.data.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {
  @TempDir Path directory;

  @AfterEach
  void nothingRunsOn() throws IOException {
    var real = directory.toRealPath();
    assertThat(ProcessHandle.allProcesses().filter(process -> Binaries.runBy(process, real)))
        .isEmpty();
  }

  @Test
  void whatWasWrittenIsThereAfterARestartOnTheSamePort() throws SQLException {
    int port;
    try (var database = start()) {
      port = database.port();
      write(database, "create table note (text text)", "insert into note values ('kept')");
    }
    try (var database = start()) {
      assertThat(database.port()).isEqualTo(port).isLessThan(32_768);
      assertThat(read(database, "select text from note")).isEqualTo("kept");
    }
  }

  @Test
  void commitsAreDurableAndOnlyThePasswordOpens() throws Exception {
    try (var database = start()) {
      for (var setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
        assertThat(read(database, "select current_setting('" + setting + "')")).isEqualTo("on");
      }
      assertThatThrownBy(
              () -> DriverManager.getConnection(database.url(), "postgres", "wrong").close())
          .hasMessageContaining("password authentication failed");
      var mode = Files.getPosixFilePermissions(directory.resolve("superuser-password"));
      assertThat(PosixFilePermissions.toString(mode)).isEqualTo("rw-------");
    }
  }

  @Test
  void killedItIsStartedAgainWithEveryCommittedRow() throws Exception {
    try (var database = start()) {
      write(database, "create table note (text text)", "insert into note values ('kept')");
      var first = database.pid();
      try (var held = connect(database)) {
        assertThat(held.isValid(1)).isTrue();
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        Await.until(
            "the supervisor has started another one",
            () ->
                database.pid() != first && read(database, "select text from note").equals("kept"));
      }
    }
  }

  @Test
  void itIsTriedAgainUntilWhatKeepsItFromStartingIsGone() throws Exception {
    try (var database = start()) {
      write(database, "create table note (text text)", "insert into note values ('kept')");
      var cluster = directory.resolve("cluster");
      var elsewhere = Files.move(cluster, directory.resolve("elsewhere"));
      ProcessHandle.of(database.pid()).orElseThrow().destroyForcibly();
      var log = directory.resolve("postgres.log");
      Await.until(
          "more than one start has failed",
          () -> Files.readString(log).split("could not access directory", -1).length > 4);
      Files.move(elsewhere, cluster);
      Await.until("it runs again", () -> read(database, "select text from note").equals("kept"));
    }
  }

  @Test
  void programsOfAnotherVersionAreRemovedAndALargeLogIsTurned() throws Exception {
    start().close();
    Files.createDirectories(directory.resolve("bin-old/bin"));
    Files.writeString(directory.resolve("bin-old/bin/postgres"), "old");
    try (var binaries = Files.list(directory)) {
      var current = binaries.filter(file -> file.getFileName().toString().startsWith("bin-"));
      Files.move(
          current.filter(file -> !file.endsWith("bin-old")).findFirst().orElseThrow(),
          directory.resolve("bin-older"));
    }
    Files.write(directory.resolve("postgres.log"), new byte[11 << 20]);
    try (var database = start()) {
      assertThat(read(database, "select 1")).isEqualTo("1");
      assertThat(directory.resolve("bin-old")).doesNotExist();
      assertThat(directory.resolve("bin-older")).doesNotExist();
      assertThat(directory.resolve("postgres.log.1")).hasSize(11 << 20);
    }
  }

  @Test
  void aServerThatLostItsWatcherIsStoppedFirst() throws Exception {
    var server = Server.open(directory.toRealPath());
    var orphan = server.launch();
    try (var database = start()) {
      assertThat(orphan.waitFor()).isZero();
      assertThat(read(database, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void anotherPortIsTakenWhenSomebodyHasTheOldOne() throws Exception {
    start().close();
    var kept = Integer.parseInt(Files.readString(directory.resolve("port")).strip());
    try (var squatter =
            new java.net.ServerSocket(kept, 1, java.net.InetAddress.getLoopbackAddress());
        var database = start()) {
      assertThat(database.port()).isNotEqualTo(squatter.getLocalPort());
      assertThat(read(database, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void aFileOfAnotherProcessNumberDoesNotKeepItFromStarting() throws Exception {
    start().close();
    var mine = Long.toString(ProcessHandle.current().pid());
    Files.writeString(directory.resolve("cluster/postmaster.pid"), mine + "\n");
    try (var database = start()) {
      assertThat(read(database, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void damagedFilesAreNamed() throws IOException {
    start().close();
    Files.delete(directory.resolve("cluster/global/pg_control"));
    assertThatThrownBy(this::start)
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("may be damaged")
        .hasMessageContaining("postgres.log");
    Files.delete(directory.resolve("cluster/PG_VERSION"));
    assertThatThrownBy(this::start).hasMessageContaining("PG_VERSION is missing");
  }

  @Test
  void aWrongSuperuserPasswordIsSaidAndNothingKeepsRunning() throws IOException {
    start().close();
    var file = directory.resolve("superuser-password");
    Files.writeString(file, "forgotten");
    assertThatThrownBy(this::start)
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("refuses its administrator");
    Files.delete(file);
    assertThatThrownBy(this::start).hasMessageContaining("superuser-password is missing");
  }

  @Test
  void filesThatCannotBeMadeAreNamed() throws IOException {
    start().close();
    try (var cluster = Files.walk(directory.resolve("cluster"))) {
      for (var file : cluster.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    try (var binaries = Files.list(directory)) {
      var home = binaries.filter(file -> file.getFileName().toString().startsWith("bin-"));
      Files.delete(home.findFirst().orElseThrow().resolve("share/postgresql/postgres.bki"));
    }
    assertThatThrownBy(this::start)
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("could not make its files")
        .hasMessageContaining("postgres.bki");
  }

  @Test
  void anInterruptEndsTheStart() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(this::start)
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void filesOfAnotherMajorVersionAreRefused() throws IOException {
    start().close();
    Files.writeString(directory.resolve("cluster/PG_VERSION"), "17\n");
    assertThatThrownBy(this::start)
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("PostgreSQL 17")
        .hasMessageContaining("--data");
  }

  private EmbeddedDatabase start() {
    return EmbeddedDatabase.start(directory);
  }

  private static Connection connect(EmbeddedDatabase database) throws SQLException {
    return DriverManager.getConnection(
        database.url(), database.superuser(), database.superuserPassword());
  }

  private static void write(EmbeddedDatabase database, String... statements) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String read(EmbeddedDatabase database, String query) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
