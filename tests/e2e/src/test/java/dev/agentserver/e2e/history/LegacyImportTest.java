package dev.agentserver.e2e.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Agentctl;
import dev.agentserver.e2e.server.Database;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServer.class)
class LegacyImportTest {
  private static final int CONVERSATIONS = Integer.getInteger("import.conversations", 100);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SOON = Duration.ofMinutes(2);

  @TempDir private Path directory;

  /// `-Dimport.conversations=10000` for more of them.
  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void aDatabaseThatIsStillWrittenToIsImportedInSpiteOfAKillCaughtUpVerifiedAndExportedBack(
      Server server) throws IOException {
    var old = Database.of(server).fresh("legacy");
    var tables = new LegacyTables(old);
    tables.fill(CONVERSATIONS);
    Files.createDirectories(directory.resolve("files/u1"));
    Files.writeString(directory.resolve("files/u1/note.txt"), "hello");
    var user = User.of(server, 1, "importer-" + UUID.randomUUID(), "ADMIN");
    var agentctl = Agentctl.of(server, user.token());

    var killed = System.nanoTime();
    var first = agentctl.start(command(old));
    Await.until("some are written", SOON, () -> noted() > CONVERSATIONS / 10);
    first.kill();
    assertThat(noted()).as("killed in the middle").isLessThan(CONVERSATIONS);
    tables.write(1);
    var middle = System.nanoTime();
    var second = agentctl.start(command(old));
    tables.write(2);
    var exit = second.awaitExit(LONG);
    assertThat(exit.code()).as(exit.output().text()).isZero();
    report("written", middle);
    tables.write(3);
    tables.rewrite();

    var caughtUp = System.nanoTime();
    assertThat(succeed(agentctl, command(old))).contains("updated", "1 removed", "unchanged");
    report("caught up", caughtUp);
    var verified = System.nanoTime();
    assertThat(succeed(agentctl, "verify", "import", "prisma", Agentctl.url(old)))
        .contains(CONVERSATIONS + 2 + " equal, 0 different, 0 missing");
    report("verified", verified);
    belongingsAreThere(user);
    assertThat(Files.readString(directory.resolve("job/report.ndjson")))
        .as("what has no place here")
        .contains("http://old/f1", "is the file", "s1");
    var back = Database.of(server).fresh("legacy_back");
    var exported = System.nanoTime();
    var owners = directory.resolve("owners.csv");
    Files.writeString(
        owners, "u1," + user.http().get("/v1/users/me").expect(200).json().at("/user/id").asText());
    var files = directory.resolve("back").toString();
    succeed(
        agentctl,
        "export",
        "--to-jdbc",
        Agentctl.url(back),
        "--owners",
        owners.toString(),
        "--files",
        files);
    report("exported", exported);
    assertThat(LegacyTables.conversations(back)).isEqualTo(LegacyTables.conversations(old));
    assertThat(LegacyTables.messages(back)).isEqualTo(LegacyTables.messages(old));
    assertThat(LegacyTables.settings(back)).isEqualTo(LegacyTables.settings(old)).hasSize(1);
    assertThat(LegacyTables.files(back)).isEqualTo(LegacyTables.files(old)).hasSize(1);
    var path = back.column("select \"minioPath\" from \"FileUpload\"").getFirst();
    assertThat(directory.resolve("back").resolve(path)).hasContent("hello");
    report("all", killed);
  }

  private static void belongingsAreThere(User user) {
    var settings = user.http().get("/users/me/chat-settings").expect(200).json();
    assertThat(settings.path("model").asText()).isEqualTo("old-model");
    assertThat(settings.path("max_tokens").asInt()).isEqualTo(1500);
    var files = user.http().get("/v1/files").expect(200).json().path("files");
    assertThat(files).hasSize(1);
    assertThat(files.get(0).path("filename").asText()).isEqualTo("note.txt");
    var old = user.http().get("/conversations/c" + "0".repeat(23) + "1").expect(200).json();
    assertThat(old.path("title").asText()).isEqualTo("Renamed 3");
  }

  private String[] command(Database old) {
    var job = directory.resolve("job").toString();
    var files = directory.resolve("files").toString();
    return new String[] {"import", "prisma", Agentctl.url(old), "--job", job, "--files", files};
  }

  /// How many conversations the job's journal has.
  private long noted() {
    var journal = directory.resolve("job").resolve("journal");
    if (!Files.exists(journal)) {
      return 0;
    }
    try (var lines = Files.lines(journal)) {
      return lines.filter(line -> line.endsWith(" .")).count();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String succeed(Agentctl agentctl, String... arguments) {
    var said = agentctl.run(arguments);
    assertThat(said.code()).as(said.text()).isZero();
    return said.text();
  }

  private static void report(String what, long since) {
    System.out.printf(
        Locale.ROOT,
        "%d legacy conversations: %s in %.1f s%n",
        CONVERSATIONS,
        what,
        (System.nanoTime() - since) / 1e9);
  }
}
