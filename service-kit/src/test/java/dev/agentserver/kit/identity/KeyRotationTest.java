package dev.agentserver.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.Await;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyRotationTest {
  private final Caller alice =
      new Caller(UUID.randomUUID(), UUID.randomUUID(), Kind.USER, Set.of(), Set.of(), "cred-1");
  private final SigningKey first = SigningKey.generate();
  private final SigningKey second = SigningKey.generate();
  private final AtomicInteger fetches = new AtomicInteger();
  private final AtomicBoolean down = new AtomicBoolean();
  private volatile List<PublicJwk> published = List.of(first.publicJwk());
  private JwtVerifier verifier = new JwtVerifier(this::fetch, Clock.systemUTC());

  @AfterEach
  void close() {
    verifier.close();
  }

  @Test
  void keysRotateWithoutAFailedRequest() throws Exception {
    var signing = new AtomicBoolean(true);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var oldTokens = threads.submit(() -> verifyWhile(signing, first));
      Await.until("the first key is in use", () -> fetches.get() > 0);
      published = List.of(first.publicJwk(), second.publicJwk());
      // The first token of the new key makes the keys be fetched again.
      assertThat(verifier.verify(token(second)))
          .usingRecursiveComparison()
          .ignoringFields("expiresAt")
          .isEqualTo(alice);
      var newTokens = threads.submit(() -> verifyWhile(signing, second));
      Await.until("both are in use", () -> verified.get() > 200);
      signing.set(false);
      assertThat(oldTokens.get()).isPositive();
      assertThat(newTokens.get()).isPositive();
    }
  }

  @Test
  void aKeyThatIsNoLongerPublishedVerifiesNoNewToken() {
    verifier.close();
    verifier =
        new JwtVerifier(
            this::fetch, Clock.systemUTC(), Duration.ofSeconds(1), Duration.ofSeconds(1));
    verifier.verify(token(first));
    published = List.of(second.publicJwk());
    verifier.verify(token(second));
    assertThatThrownBy(() -> verifier.verify(token(first))).hasMessageContaining("unknown key");
  }

  @Test
  void whileThePublisherIsDownTheKnownKeysGoOn() {
    verifier.close();
    verifier =
        new JwtVerifier(this::fetch, Clock.systemUTC(), Duration.ofSeconds(1), Duration.ofHours(1));
    verifier.verify(token(first));
    down.set(true);
    var before = fetches.get();
    Await.until(
        "the keys are old and were asked for in vain",
        () -> {
          assertThat(verifier.verify(token(first)))
              .usingRecursiveComparison()
              .ignoringFields("expiresAt")
              .isEqualTo(alice);
          return fetches.get() > before;
        });
    assertThat(verifier.verify(token(first)))
        .usingRecursiveComparison()
        .ignoringFields("expiresAt")
        .isEqualTo(alice);
  }

  @Test
  void withoutAnyKeysCallsAreUnavailableAndRecoverByThemselves() {
    down.set(true);
    assertUnavailable();
    assertUnavailable();
    down.set(false);
    Await.until(
        "the keys come",
        () -> {
          try {
            return verifier.verify(token(first)).principalId().equals(alice.principalId());
          } catch (ProblemException notYet) {
            assertThat(notYet.problem()).isInstanceOf(Problem.Unavailable.class);
            return false;
          }
        });
  }

  @Test
  void madeUpKeysDoNotFloodThePublisher() {
    verifier.verify(token(first));
    for (var i = 0; i < 200; i++) {
      var stranger = token(SigningKey.generate());
      assertThatThrownBy(() -> verifier.verify(stranger)).hasMessageContaining("unknown key");
    }
    // Four a second at most, and this loop takes few of them.
    assertThat(fetches.get()).isLessThan(60);
    assertThat(verifier.verify(token(first)))
        .usingRecursiveComparison()
        .ignoringFields("expiresAt")
        .isEqualTo(alice);
  }

  private final AtomicInteger verified = new AtomicInteger();

  private int verifyWhile(AtomicBoolean signing, SigningKey key) {
    var count = 0;
    while (signing.get()) {
      assertThat(verifier.verify(token(key)))
          .usingRecursiveComparison()
          .ignoringFields("expiresAt")
          .isEqualTo(alice);
      verified.incrementAndGet();
      count++;
    }
    return count;
  }

  private void assertUnavailable() {
    assertThatThrownBy(() -> verifier.verify(token(first)))
        .isInstanceOfSatisfying(
            ProblemException.class,
            failed ->
                assertThat(failed.problem())
                    .isEqualTo(new Problem.Unavailable("access", Duration.ofMillis(500))));
  }

  private String token(SigningKey key) {
    return new TokenIssuer(key, Clock.systemUTC(), UUID::randomUUID).issue(alice).jwt();
  }

  private List<PublicJwk> fetch() {
    fetches.incrementAndGet();
    if (down.get()) {
      throw new IllegalStateException("nobody answers");
    }
    return published;
  }
}
