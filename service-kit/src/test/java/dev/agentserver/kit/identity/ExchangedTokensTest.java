package dev.agentserver.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExchangedTokensTest {
  private final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Revocations revocations = new Revocations();
  private final ExchangedTokens tokens = new ExchangedTokens(10, clock, revocations, Runnable::run);
  private final AtomicInteger exchanges = new AtomicInteger();
  private final AtomicBoolean away = new AtomicBoolean();
  private volatile long known;

  private IssuedToken exchange(String key) {
    if (away.get()) {
      throw new Problem.Unavailable("access", Duration.ofSeconds(1)).raise();
    }
    var number = exchanges.incrementAndGet();
    var caller =
        new Caller(
            UUID.randomUUID(), UUID.randomUUID(), Kind.USER, Set.of(), Set.of(), key, null, known);
    return new IssuedToken("t" + number, caller, clock.instant().plus(TokenIssuer.LIFETIME));
  }

  private String get(String key) {
    return tokens.get(key, this::exchange).jwt();
  }

  @Test
  void aTokenIsRenewedFromItsSecondMinuteOn() {
    assertThat(get("k")).isEqualTo("t1");
    clock.move(Duration.ofMinutes(1).minusSeconds(1));
    assertThat(get("k")).isEqualTo("t1");
    assertThat(exchanges).hasValue(1);
    clock.move(Duration.ofSeconds(1));
    assertThat(get("k")).as("the renewal runs beside").isEqualTo("t1");
    assertThat(get("k")).isEqualTo("t2");
    assertThat(get("other")).isEqualTo("t3");
  }

  @Test
  void aKeyInUseGoesOnForTenMinutesWheneverTheyBegin() {
    get("k");
    clock.move(Duration.ofMinutes(1).minusSeconds(1));
    get("k");
    away.set(true);
    clock.move(Duration.ofMinutes(10));
    assertThat(get("k")).isEqualTo("t1");
  }

  @Test
  void whileNobodyAnswersATokenGoesOnToItsEnd() {
    get("k");
    away.set(true);
    clock.move(Duration.ofMinutes(11).minusSeconds(1));
    assertThat(get("k")).isEqualTo("t1");
    clock.move(Duration.ofSeconds(1));
    assertThatThrownBy(() -> get("k")).isInstanceOf(ProblemException.class);
    away.set(false);
    assertThat(get("k")).isEqualTo("t2");
  }

  @Test
  void whatIsRevokedIsExchangedAgain() {
    get("k");
    revocations.add(new Revocation(7, Revocation.Kind.CREDENTIAL, "k", clock.instant()));
    known = 7;
    assertThat(get("k")).isEqualTo("t2");
    assertThat(get("k")).isEqualTo("t2");
  }

  @Test
  void aRefusalIsNotKept() {
    away.set(true);
    assertThatThrownBy(() -> get("k")).isInstanceOf(ProblemException.class);
    away.set(false);
    assertThat(get("k")).isEqualTo("t1");
  }

  @Test
  void manyWhoComeWithANewKeyExchangeItOnce() throws Exception {
    var entered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var shared = new ExchangedTokens(10, clock, revocations, threads);
      var got = new AtomicInteger();
      for (var i = 0; i < 32; i++) {
        threads.submit(
            () -> {
              shared.get(
                  "k",
                  key -> {
                    entered.countDown();
                    Await.latch(go);
                    return exchange(key);
                  });
              got.incrementAndGet();
            });
      }
      Await.latch(entered);
      go.countDown();
      Await.until("everybody has it", () -> got.get() == 32);
    }
    assertThat(exchanges).hasValue(1);
  }

  @Test
  void nothingOfItPrints() {
    assertThat(exchange("k").toString()).doesNotContain("t1");
  }
}
