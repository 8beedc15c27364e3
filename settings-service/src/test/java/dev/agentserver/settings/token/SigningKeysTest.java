package dev.agentserver.settings.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.JwtVerifier;
import dev.agentserver.kit.identity.PublicJwk;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.MovableClock;
import dev.agentserver.kit.test.TestDatabase;
import dev.agentserver.settings.Config;
import dev.agentserver.settings.Live;
import dev.agentserver.settings.secret.Sealing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SigningKeysTest {
  private static final Duration LIFE = Duration.ofHours(3);
  private static final Caller ALICE =
      new Caller(
          UUID.randomUUID(), UUID.randomUUID(), Caller.Kind.USER, Set.of(), Set.of(), "cred-1");

  private final TestDatabase database = TestDatabase.fresh(Config.SCHEMA);
  private final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));

  @AfterEach
  void close() {
    database.close();
  }

  private SigningKeys open(String key) {
    return SigningKeys.open(
        database.database(), new Sealing(new Secret(key)), clock, UUID::randomUUID, LIFE);
  }

  private SigningKeys open() {
    return open(Live.SETTINGS_KEY);
  }

  private static String signer(SigningKeys keys) throws Exception {
    return SignedJWT.parse(keys.tokens().issue(ALICE).jwt()).getHeader().getKeyID();
  }

  private static List<String> kids(SigningKeys keys) {
    return keys.fetch().stream().map(PublicJwk::kid).toList();
  }

  @Test
  void aKeyIsPublishedAnHourBeforeItSignsAndLongAfter() throws Exception {
    var keys = open();
    var first = signer(keys);
    clock.move(LIFE.minusHours(1).minusSeconds(1));
    keys.refresh();
    assertThat(kids(keys)).containsExactly(first);

    clock.move(Duration.ofSeconds(1));
    keys.refresh();
    keys.refresh();
    assertThat(kids(keys)).hasSize(2).startsWith(first);
    assertThat(signer(keys)).isEqualTo(first);

    clock.move(Duration.ofHours(1));
    var second = signer(keys);
    assertThat(second).isNotEqualTo(first);
    clock.move(Duration.ofHours(2));
    keys.refresh();
    assertThat(kids(keys)).contains(first);
    clock.move(Duration.ofSeconds(1));
    keys.refresh();
    assertThat(kids(keys)).doesNotContain(first).startsWith(second);
  }

  @Test
  void aServiceThatWasAwayForLongGoesOnWithTheKeyEverybodyKnows() throws Exception {
    var first = signer(open());
    clock.move(Duration.ofDays(365));

    var keys = open();

    assertThat(signer(keys)).isEqualTo(first);
    assertThat(kids(keys)).hasSize(2);
  }

  @Test
  void replicasThatStartTogetherMakeOneKey() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var kids = new ArrayList<Future<String>>();
      for (var i = 0; i < 8; i++) {
        Callable<String> start = () -> signer(open());
        kids.add(threads.submit(start));
      }
      var signers = new HashSet<String>();
      for (var kid : kids) {
        signers.add(kid.get());
      }
      assertThat(signers).hasSize(1);
    }
  }

  @Test
  void withoutTheKeyItWasEncryptedWithTheServiceDoesNotStart() {
    open();
    assertThatThrownBy(() -> open("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg="))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SETTINGS_KEY");
    for (var unfit : List.of("", "short", "c2hvcnQ=", "!")) {
      assertThatThrownBy(() -> new Sealing(new Secret(unfit)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("SETTINGS_KEY");
    }
  }

  @Test
  void aRowPutInAnothersPlaceIsNotOpened() {
    open();
    database.sql("update signing_key set kid = 'another'");
    assertThatThrownBy(this::open).isInstanceOf(IllegalStateException.class);
  }

  /// Who verifies keeps the keys for a second here, for minutes in production; either is short
  /// beside the hour for which a key is published before it signs.
  @Test
  void keysRotateUnderLoadWithoutAFailedRequest() throws Exception {
    var keys = open();
    var fetches = new AtomicInteger();
    var rounds = new AtomicIntegerArray(2);
    var signers = new HashSet<String>();
    var done = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(2);
        var verifier =
            new JwtVerifier(
                () -> {
                  fetches.incrementAndGet();
                  return keys.fetch();
                },
                clock,
                Duration.ofSeconds(1),
                Duration.ofHours(1))) {
      var load = new ArrayList<Future<Boolean>>();
      for (var i = 0; i < rounds.length(); i++) {
        var own = i;
        load.add(
            threads.submit(
                () -> {
                  while (!done.get()) {
                    verifier.verify(keys.tokens().issue(ALICE).jwt());
                    rounds.incrementAndGet(own);
                  }
                  return true;
                }));
      }
      while (signers.size() < 4) {
        clock.move(Duration.ofMinutes(5));
        var published = keys.fetch().size();
        keys.refresh();
        if (keys.fetch().size() > published) {
          var before = fetches.get();
          Await.until("the new key is fetched", () -> fetches.get() > before + 1);
        }
        signers.add(signer(keys));
        // Nobody is so slow that the clock overtakes a token.
        for (var i = 0; i < rounds.length(); i++) {
          var own = i;
          var before = rounds.get(own);
          Await.until("calls go on", () -> rounds.get(own) > before);
        }
      }
      done.set(true);
      for (var each : load) {
        assertThat(each.get()).isTrue();
      }
    }
  }
}
