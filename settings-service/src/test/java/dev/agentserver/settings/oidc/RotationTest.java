package dev.agentserver.settings.oidc;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import dev.agentserver.kit.test.Await;
import dev.agentserver.settings.v1.GetMeRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Providers that change their keys, and providers that do not answer.
class RotationTest {
  private Trusting here;

  @AfterEach
  void stop() {
    here.close();
  }

  private void trust(Map<String, String> variables) {
    here = new Trusting("", variables);
  }

  private boolean signsIn(String token) {
    try {
      here.signIn(token);
      return true;
    } catch (StatusRuntimeException refused) {
      return false;
    }
  }

  private void assertUnavailable(String token) {
    assertProblem(Code.UNAVAILABLE, "UNAVAILABLE", () -> here.signIn(token))
        .containsEntry("dependency", "oidc");
  }

  private String ofUnknownKey() {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(UUID.randomUUID().toString()).build();
    return here.provider.sign(header, here.provider.claims("mallory").build());
  }

  /// The provider signs with its new key at once, without having published it before; it goes on
  /// publishing the old one for a while, since users hold tokens of it.
  @Test
  void keysRotateWhileUsersSignInAndNobodyFails() throws Exception {
    trust(Map.of());
    var done = new AtomicBoolean();
    var signedIn = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(4)) {
      var load = new ArrayList<Future<Integer>>();
      for (var i = 0; i < 4; i++) {
        var name = "user-" + i;
        load.add(
            threads.submit(
                () -> {
                  var own = 0;
                  while (!done.get()) {
                    here.signIn(here.provider.token(name));
                    signedIn.incrementAndGet();
                    own++;
                  }
                  return own;
                }));
      }
      for (var rotation = 0; rotation < 4; rotation++) {
        var fetches = here.provider.keyFetches();
        here.provider.rotate();
        Await.until("the new key is heard of", () -> here.provider.keyFetches() > fetches);
        var before = signedIn.get();
        Await.until("all go on with it", () -> signedIn.get() > before + 8);
        here.provider.retire();
        // Nobody rotates more often than once a second.
        var next = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        Await.until("users go on", () -> System.nanoTime() > next && signedIn.get() > before + 40);
      }
      done.set(true);
      for (var each : load) {
        assertThat(each.get()).as("each call was answered").isPositive();
      }
    }
  }

  @Test
  void madeUpKeyIdsFloodNobodyAndALawfulNewKeyIsTakenSoon() {
    trust(Map.of());
    here.signIn(here.provider.token("alice"));
    var start = System.nanoTime();
    var fetches = here.provider.keyFetches();
    for (var i = 0; i < 200; i++) {
      assertThat(signsIn(ofUnknownKey())).isFalse();
    }
    here.provider.rotate();
    Await.until("the new key is taken", () -> signsIn(here.provider.token("alice")));

    var seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) + 1;
    assertThat((long) here.provider.keyFetches() - fetches).isLessThanOrEqualTo(2 * seconds + 2);
  }

  @Test
  void whileTheProviderIsDownKnownKeysAndTokensGoOn() {
    trust(Map.of("OIDC_JWKS_TTL", "2s"));
    var held = here.service.oidcToken(here.provider.token("alice"));
    here.provider.down();

    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
    var newcomers = 0;
    while (System.nanoTime() < end) {
      assertThat(here.service.access(held).getMe(GetMeRequest.getDefaultInstance()).hasUser())
          .isTrue();
      here.signIn(here.provider.token("newcomer-" + newcomers++ % 10));
    }
    assertUnavailable(ofUnknownKey());

    here.provider.up();
    here.provider.rotate();
    Await.until("the new key is taken", () -> signsIn(here.provider.token("alice")));
    Await.until(
        "an unknown key is one again",
        () -> {
          try {
            here.signIn(ofUnknownKey());
            return false;
          } catch (StatusRuntimeException refused) {
            return refused.getStatus().getCode() == Code.UNAUTHENTICATED;
          }
        });
  }

  @Test
  void aProviderThatIsDownAtTheStartIsWaitedFor() {
    here = new Trusting("", Map.of(), Provider::down);
    assertUnavailable(here.provider.token("alice"));

    here.provider.up();
    Await.until("it signs in", () -> signsIn(here.provider.token("alice")));
  }

  @Test
  void theKeysAreThereBeforeTheFirstUserComes() {
    trust(Map.of());
    Await.until("they are fetched", () -> here.provider.keyFetches() == 1);

    here.signIn(here.provider.token("alice"));
    assertThat(here.provider.keyFetches()).isEqualTo(1);
  }

  @Test
  void whatIsNoKeySetIsNoKeySet() {
    here = new Trusting("", Map.of(), provider -> provider.publish("[]"));
    for (var bad : new String[] {"{", "[]", "{\"keys\": 7}", "x".repeat(600_000)}) {
      here.provider.publish(bad);
      assertUnavailable(here.provider.token("alice"));
    }

    here.provider.publish("");
    Await.until("it signs in", () -> signsIn(here.provider.token("alice")));
  }
}
