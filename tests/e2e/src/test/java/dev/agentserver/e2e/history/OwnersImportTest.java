package dev.agentserver.e2e.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Agentctl;
import dev.agentserver.e2e.server.Database;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// An old application's users, each with their own.
@ExtendWith(SharedServer.class)
class OwnersImportTest {
  private static final int TENANT = 2;
  private static final Duration SOON = Duration.ofMinutes(2);

  @TempDir private Path directory;
  private Database old;
  private LegacyTables tables;
  private Agentctl agentctl;
  private User anna;
  private User ben;

  @BeforeEach
  void fill(Server server) {
    old = Database.of(server).fresh("legacy_owned");
    tables = new LegacyTables(old);
    agentctl = Agentctl.of(server, server.key(TENANT));
    anna = User.of(server, TENANT, "anna-" + UUID.randomUUID());
    ben = User.of(server, TENANT, "ben-" + UUID.randomUUID());
  }

  @Test
  void eachHasTheirOwnAndTheirSettingsWhileTheOldApplicationIsFollowedAndAllComeOutAgain()
      throws IOException, InterruptedException {
    tables.own("anna", "u1");
    tables.own("ben", id(ben));
    var owners = Files.writeString(directory.resolve("owners.csv"), "u1," + id(anna));
    var following =
        Thread.ofPlatform()
            .start(() -> run("follow", "--owners", owners.toString(), "--follow", "1"));
    Await.until("anna has hers", SOON, () -> has(anna, "anna"));
    Await.until("ben has his", SOON, () -> has(ben, "ben"));
    tables.own("later", "u1");
    Await.until("what came later is there", SOON, () -> has(anna, "later"));
    Await.until("and her settings", SOON, () -> model(anna).equals("model of anna"));
    following.interrupt();
    following.join();
    assertThat(has(anna, "ben") || has(ben, "anna")).isFalse();
    var hers = anna.http().get("/conversations/anna").expect(200).json();
    assertThat(hers.at("/membership/role").asText()).isEqualTo("ROLE_OWNER");
    assertThat(hers.at("/membership/unread").asBoolean()).as("it is old").isFalse();

    var without = run("without", "--each-to-its-owner");
    assertThat(without.code()).as("nobody here is u1").isEqualTo(1);
    assertThat(without.text()).contains("1 unchanged", "2 failed");

    var file = directory.resolve("all.ndjson");
    var exported = agentctl.run("export", "--to", file.toString(), "--everybody");
    assertThat(exported.code()).as(exported.text()).isZero();
    assertThat(Files.readString(file)).contains("Said by anna", "Said by ben", "Said by later");
  }

  @Test
  void whatCameSinceGoesBackToItsOwner() throws IOException {
    tables.own("hers", "u1");
    tables.own("his", id(ben));
    var owners = Files.writeString(directory.resolve("owners.csv"), "u1," + id(anna)).toString();
    var imported = run("import", "--owners", owners);
    assertThat(imported.code()).as(imported.text()).isZero();

    anna.http().patch("/v1/users/me/chat-settings", "{\"model\": \"newer\"}").expect(200);
    var fileId = anna.upload("/v1/files", "since.txt", "written since");
    var since = anna.conversation("Since");
    var draft = User.draft("user", "See what I wrote");
    draft.putArray("attachments").addObject().put("file_id", fileId);
    anna.http().post(User.messages(since), draft).expect(201);

    for (var time : List.of("once", "and again")) {
      var exported =
          agentctl.run(
              "export",
              "--to-jdbc",
              Agentctl.url(old),
              "--everybody",
              "--owners",
              owners,
              "--files",
              at("files"));
      assertThat(exported.code()).as(time + ": " + exported.text()).isZero();
    }
    assertThat(old.column("select \"userId\" from \"Conversation\" where \"title\" = 'Since'"))
        .containsExactly("u1");
    assertThat(
            old.column(
                "select \"attachments\"->0->>'file_id' from \"Message\" where \"content\" like 'See%'"))
        .containsExactly(fileId);
    assertThat(
            old.column(
                "select \"id\" || ' ' || \"model\" || ' ' || \"temperature\" from \"ChatSettings\""
                    + " where \"userId\" in ('u1', '%s') order by \"id\"".formatted(id(ben))))
        .containsExactly("s-hers newer 0.5", "s-his model of his 0.5");
    var paths =
        old.column(
            "select \"minioPath\" from \"FileUpload\" where \"userId\" = 'u1' and \"size\" = 13");
    assertThat(paths).hasSize(1);
    assertThat(directory.resolve("files").resolve(paths.getFirst())).hasContent("written since");
  }

  private Agentctl.Said run(String job, String... options) {
    var arguments =
        new ArrayList<>(List.of("import", "prisma", Agentctl.url(old), "--job", at(job)));
    arguments.addAll(List.of(options));
    return agentctl.run(arguments.toArray(String[]::new));
  }

  private String at(String job) {
    return directory.resolve(job).toString();
  }

  private static boolean has(User user, String conversation) {
    return user.http().get("/conversations/" + conversation).status() == 200;
  }

  private static String model(User user) {
    return user.http().get("/v1/users/me/chat-settings").expect(200).json().path("model").asText();
  }

  private static String id(User user) {
    return user.http().get("/v1/users/me").expect(200).json().at("/user/id").asText();
  }
}
