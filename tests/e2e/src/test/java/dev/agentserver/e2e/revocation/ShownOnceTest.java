package dev.agentserver.e2e.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Database;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The text of a key is shown when it is made and is nowhere afterwards: in no column of any table,
/// in no log, in no stored reply, and in no file of the database, write-ahead log included.
@ExtendWith(SharedServer.class)
class ShownOnceTest {
  private final Server server;
  private final Http owner;
  private final Database database;

  ShownOnceTest(Server server) {
    this.server = server;
    this.owner = User.owner(server, 1).http();
    this.database = Database.of(server);
  }

  @Test
  void aSecretThatIsShownOnceIsNowhereAfterwards() {
    var made = repeated("/v1/api-keys", Json.object().put("name", "shown once"));
    use(made.path("secret").asText());
    var id = made.path("key").path("id").asText();
    var rotated = repeated("/v1/api-keys/" + id + ":rotate", Json.object());
    use(rotated.path("secret").asText());
    var shown = List.of(made.path("secret").asText(), rotated.path("secret").asText());

    database.run("checkpoint");
    var tables = tables();
    var files = server.data();
    var found = Traces.ofAll(shown.stream().map(ShownOnceTest::secret));
    assertThat(found.in(tables)).isEmpty();
    assertThat(found.in(server.output().text())).isEmpty();
    assertThat(found.below(files)).isEmpty();
    // The search itself works: it finds the key's id, which is no secret, where it must be.
    var known = Traces.of(id);
    assertThat(known.in(tables)).isNotEmpty();
    assertThat(known.below(files)).isNotEmpty();
  }

  /// It is set, refused, scheduled and rolled back, and every answer is kept for retries.
  @Test
  void aSensitiveSettingIsNowhereInClear() {
    var canary = "canary-" + UUID.randomUUID();
    var key = "secret_" + UUID.randomUUID().toString().substring(0, 8);
    owner
        .post(
            "/v1/config/definitions",
            Json.object()
                .put("key", key)
                .put("type", "SETTING_TYPE_STRING")
                .put("schema", "{\"maxLength\": 60}")
                .put("sensitive", true))
        .expect(201);
    var body = Json.object();
    body.putArray("changes").addObject().put("key", key).put("value", canary);
    var http = owner.with("Idempotency-Key", UUID.randomUUID().toString());
    var first = http.post("/v1/config:apply", body).expect(200).body();
    assertThat(http.post("/v1/config:apply", body).expect(200).body()).isEqualTo(first);
    owner
        .post(
            "/v1/config/scheduled",
            body.deepCopy().put("apply_at", Instant.now().plusSeconds(3_600).toString()))
        .expect(201);
    var tooLong = Json.object();
    tooLong.putArray("changes").addObject().put("key", key).put("value", canary.repeat(2));
    assertThat(owner.post("/v1/config:apply", tooLong).expect(400).body()).doesNotContain(canary);
    assertThat(owner.get("/v1/config").expect(200).body()).contains(key).doesNotContain(canary);

    database.run("checkpoint");
    var traces = Traces.of(canary);
    assertThat(traces.in(tables())).isEmpty();
    assertThat(traces.in(server.output().text())).isEmpty();
    assertThat(traces.below(server.data())).isEmpty();
    assertThat(Traces.of(key).below(server.data())).isNotEmpty();
  }

  /// It is kept, changed, and refused where it is too long, and every answer is kept for retries.
  @Test
  void aCredentialIsNowhereInClear() {
    var canary = "canary-" + UUID.randomUUID();
    var changed = "canary-" + UUID.randomUUID();
    var integration =
        owner
            .post("/v1/integrations", Json.object().put("name", "n" + UUID.randomUUID()))
            .expect(201)
            .json();
    var body =
        Json.object()
            .put("integration_id", integration.path("id").asText())
            .put("field", "token")
            .put("value", canary);
    var http = owner.with("Idempotency-Key", UUID.randomUUID().toString());
    var first = http.post("/v1/credentials", body).expect(201).body();
    assertThat(first).doesNotContain(canary);
    assertThat(http.post("/v1/credentials", body).expect(201).body()).isEqualTo(first);
    var path = "/v1/credentials/" + Json.parse(first).path("id").asText();
    var tooLong = Json.object().put("value", changed.repeat(400));
    assertThat(owner.patch(path, tooLong.toString()).expect(400).body()).doesNotContain(changed);
    owner.patch(path, Json.object().put("value", changed).toString()).expect(200);

    database.run("checkpoint");
    var traces = Traces.ofAll(Stream.of(canary, changed));
    assertThat(traces.in(tables())).isEmpty();
    assertThat(traces.in(server.output().text())).isEmpty();
    assertThat(traces.below(server.data())).isEmpty();
    assertThat(Traces.of(Json.parse(first).path("id").asText()).in(tables())).isNotEmpty();
  }

  /// The first answer to a request that is sent twice; the second shows no secret.
  private JsonNode repeated(String path, JsonNode body) {
    var http = owner.with("Idempotency-Key", UUID.randomUUID().toString());
    var first = http.post(path, body);
    assertThat(first.status()).isIn(200, 201);
    assertThat(first.json().path("secret").asText()).startsWith("ag_dev_");
    var second = http.post(path, body).expect(first.status()).json();
    assertThat(second.path("secret").asText()).isEmpty();
    assertThat(second.path("key")).isEqualTo(first.json().path("key"));
    return first.json();
  }

  /// In every way it can be used, the wrong ones too.
  private void use(String key) {
    var user = User.bearing(server, key);
    user.http().get("/v1/conversations").expect(200);
    user.grpc()
        .conversations()
        .listConversations(
            dev.agentserver.conversation.v1.ListConversationsRequest.getDefaultInstance());
    var http = new Http(server.url());
    http.with("X-API-Key", key).get("/v1/conversations/none").expect(404);
    http.with("Authorization", "Basic " + key).get("/v1/conversations").expect(401);
    http.bearer(key + "x").get("/v1/conversations").expect(401);
    http.post("/v1/tokens:exchange", Json.object().put("api_key", key)).expect(200);
    http.post("/v1/tokens:exchange", Json.object().put("api_key", key + "x")).expect(401);
    http.post("/v1/tokens:exchange", Json.object().put("oidc_token", key));
  }

  /// Every row of every table of every schema as text; bytes in hexadecimal.
  private String tables() {
    var names =
        database.column(
            """
            select format('%I.%I', schemaname, tablename) from pg_tables
            where schemaname not in ('pg_catalog', 'information_schema')
            """);
    assertThat(names)
        .contains("settings.api_key", "settings.idempotency_key", "conversation.audit_entry");
    return names.stream()
        .flatMap(table -> Stream.concat(Stream.of(table), rows(table)))
        .collect(Collectors.joining("\n"));
  }

  private Stream<String> rows(String table) {
    return database.column("select t::text from " + table + " t").stream();
  }

  /// `ag_<environment>_<id>_<secret>_<checksum>`
  private static String secret(String key) {
    var parts = key.split("_");
    assertThat(parts).hasSize(5);
    return parts[3];
  }
}
