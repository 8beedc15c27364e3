package dev.agentserver.e2e.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.identity.Door.Answer;
import dev.agentserver.e2e.server.Database;
import dev.agentserver.e2e.server.Separate;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The gateway, conversation-service and settings-service in processes of their own.
@ExtendWith(SharedServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SeparateProcessesTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /// How long fetched keys count as fresh: the outage is ten times as long, as fifty minutes are to
  /// the ordinary five. Tokens live for eleven minutes, as always.
  private static final Duration FRESH = Duration.ofSeconds(2);

  private static final int ROUNDS = 100;

  /// Longer by `-Dagentserver.outage=PT9M30S`, up to what a token lives.
  private static final Duration OUTAGE =
      Duration.parse(System.getProperty("agentserver.outage", "PT20S"));

  private final Provider provider = new Provider();
  private final Server server;
  private final Separate system;
  private final User owner;
  private final String conversation;
  private final List<Door> doors;

  SeparateProcessesTest(Server server) {
    this.server = server;
    this.owner = User.owner(server, 1);
    var tenant = owner.http().get("/v1/users/me").expect(200).json().path("organization_id");
    this.system =
        new Separate(
            server,
            Map.of("OIDC_ISSUERS_FILE", provider.trustedFor(tenant.asText())),
            Map.of("JWKS_TTL", FRESH.toMillis() + "ms"));
    this.conversation = owner.conversation("asked for at every door");
    this.doors = Door.of(system);
  }

  @BeforeAll
  void start() {
    system.start();
  }

  @AfterAll
  void stop() {
    system.close();
    provider.close();
  }

  private record Key(String id, String secret) {}

  private Key key(String name) {
    var made =
        owner.http().post("/v1/api-keys", Json.object().put("name", name)).expect(201).json();
    return new Key(made.path("key").path("id").asText(), made.path("secret").asText());
  }

  /// What a browser does for its user, from a page of another origin.
  @Test
  void aUserOfAProviderSignsInAndCallsThroughTheGateway() {
    var idToken = provider.signIn("ann", "ann@example.com");
    var page = new Http(system.gateway().url()).with("Origin", "http://localhost:3000");
    var exchanged =
        page.post("/v1/tokens:exchange", Json.object().put("oidc_token", idToken)).expect(200);
    assertThat(exchanged.header("access-control-allow-origin")).hasValue("http://localhost:3000");
    var token = exchanged.json().path("access_token").asText();
    var ann = page.bearer(token);
    var me = ann.get("/v1/users/me").expect(200).json().path("user");
    assertThat(me.path("email").asText()).isEqualTo("ann@example.com");
    var own = ann.post("/v1/conversations", "{\"title\": \"of ann\"}").expect(201);
    var id = own.json().path("id").asText();

    for (var door : doors.subList(0, 2)) {
      assertThat(door.ask(idToken, id)).as("the ID token itself, " + door).isEqualTo(Answer.OK);
    }
    assertThat(doors.getLast().ask(idToken, id))
        .as("a service takes our own tokens only")
        .isEqualTo(Answer.UNAUTHENTICATED);
    assertThat(doors.getLast().ask(token, id)).isEqualTo(Answer.OK);
    var stranger = Json.object().put("oidc_token", provider.signIn("eve", "eve@example.org"));
    var refused = page.post("/v1/tokens:exchange", stranger).failure(403);
    assertThat(refused.reason()).isEqualTo("SIGN_IN_REFUSED");
    assertThat(refused.metadata()).containsEntry("cause", "DOMAIN_NOT_ALLOWED");

    provider.close();
    for (var door : doors) {
      assertThat(door.ask(token, id)).as("without the provider, " + door).isEqualTo(Answer.OK);
    }
    page.post("/v1/tokens:exchange", Json.object().put("oidc_token", idToken)).expect(200);
  }

  /// Exchanged by the settings-service of its own, through the gateway of its own.
  private String token(String key) {
    return new Http(system.gateway().url())
        .post("/v1/tokens:exchange", Json.object().put("api_key", key))
        .expect(200)
        .json()
        .path("access_token")
        .asText();
  }

  private void assertAnswers(Answer expected, String credential) {
    for (var door : doors) {
      assertThat(door.ask(credential, conversation)).as(door.toString()).isEqualTo(expected);
    }
  }

  private void awaitAnswers(Answer expected, String what, String credential) {
    for (var door : doors) {
      Await.until(
          what + ", " + door, LIMIT, () -> door.ask(credential, conversation).equals(expected));
    }
  }

  @Test
  void whileSettingsServiceIsAwayWhoIsInGoesOnAndTheOthersAreToldToComeAgain() {
    var inUse = key("in use");
    var waiting = key("not used before");
    var token = token(inUse.secret());
    assertAnswers(Answer.OK, inUse.secret());
    assertAnswers(Answer.OK, token);

    system.settings().kill();
    var end = System.nanoTime() + OUTAGE.toNanos();
    var rounds = 0;
    while (System.nanoTime() < end || rounds < 5) {
      assertAnswers(Answer.OK, inUse.secret());
      assertAnswers(Answer.OK, token);
      assertAnswers(Answer.UNAVAILABLE, waiting.secret());
      rounds++;
      LockSupport.parkNanos(OUTAGE.dividedBy(ROUNDS).toNanos());
    }
    var exchange = new Http(system.gateway().url());
    var body = Json.object().put("api_key", inUse.secret());
    assertThat(exchange.post("/v1/tokens:exchange", body).failure(503).reason())
        .isEqualTo("UNAVAILABLE");

    system.settings().start();
    awaitAnswers(Answer.OK, "a key that waited is taken", waiting.secret());
    assertAnswers(Answer.OK, inUse.secret());
    assertAnswers(Answer.OK, token);
    owner.http().post("/v1/api-keys/" + inUse.id() + ":revoke", "{}").expect(200);
    awaitAnswers(Answer.UNAUTHENTICATED, "revocations are heard of again", inUse.secret());
    awaitAnswers(Answer.UNAUTHENTICATED, "of its token too", token);
    System.out.printf("%d rounds while settings-service was away for %s%n", rounds, OUTAGE);
  }

  /// What otherwise takes a month happens at once, because the rows of the keys are made older; the
  /// next key is then published and signs when it is due, as always.
  @Test
  void keysRotateWhileCallsAreInFlightAndNoneFails() {
    var key = key("under load").secret();
    var before = token(key);
    var database = Database.of(server);
    var failures = new ConcurrentLinkedQueue<String>();
    var calls = new AtomicInteger();
    var done = new AtomicBoolean();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var door : doors) {
        threads.execute(
            () -> {
              while (!done.get() && failures.isEmpty()) {
                ask(door, token(key), failures);
                ask(door, before, failures);
                ask(door, key, failures);
                calls.addAndGet(3);
              }
            });
      }
      try {
        rotate(database, key, before);
        var soFar = calls.get();
        Await.until("calls go on", LIMIT, () -> calls.get() > soFar + 60 || !failures.isEmpty());
      } finally {
        done.set(true);
      }
    }

    assertThat(failures).isEmpty();
    assertAnswers(Answer.OK, before);
    assertThat(kid(token(key))).isNotEqualTo(kid(before));
    System.out.printf("%d calls while the keys rotated%n", calls.get());
  }

  private void ask(Door door, String credential, ConcurrentLinkedQueue<String> failures) {
    try {
      var answer = door.ask(credential, conversation);
      if (!answer.equals(Answer.OK)) {
        failures.add(door + ": " + answer);
      }
    } catch (RuntimeException | AssertionError failure) {
      failures.add(door + ": " + failure);
    }
  }

  private void rotate(Database database, String key, String before) {
    database.run("update settings.signing_key set signs_from = signs_from - interval '40 days'");
    Await.until(
        "the next key is published",
        LIMIT,
        () ->
            database
                .column(
                    "select count(*) from settings.signing_key where signs_from > now() and kid <> '"
                        + kid(before)
                        + "'")
                .equals(List.of("1")));
    assertThat(kid(token(key))).as("it does not sign yet").isEqualTo(kid(before));
    Await.until("everybody has heard of it", LIMIT, this::jwksHasBoth);
    database.run("update settings.signing_key set signs_from = now() where signs_from > now()");
    Await.until("it signs", LIMIT, () -> !kid(token(key)).equals(kid(before)));
  }

  private boolean jwksHasBoth() {
    var published = new Http(system.gateway().url()).get("/.well-known/jwks.json").expect(200);
    return published.json().path("keys").size() >= 2;
  }

  private static String kid(String token) {
    try {
      return SignedJWT.parse(token).getHeader().getKeyID();
    } catch (ParseException malformed) {
      throw new IllegalStateException(malformed);
    }
  }
}
