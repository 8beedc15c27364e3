package dev.agentserver.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.gateway.fault.Fault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TokenCacheTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicInteger exchanges = new AtomicInteger();
  private final MovingClock clock = new MovingClock();

  private static final class MovingClock extends Clock {
    private Instant now = START;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private TokenCache cache(Duration lifetime, int size) {
    return new TokenCache(
        credential -> {
          var number = exchanges.incrementAndGet();
          if (credential.equals(key("bad"))) {
            throw Fault.unauthenticated("no");
          }
          return new AccessToken("t" + number, clock.now.plus(lifetime));
        },
        size,
        clock,
        Runnable::run);
  }

  private static Credential key(String text) {
    return new Credential.Key(text);
  }

  @Test
  void aTokenIsKeptUntilAMinuteBeforeItExpires() {
    var cache = cache(Duration.ofMinutes(10), 10);

    assertThat(cache.exchange(key("k")).jwt()).isEqualTo("t1");
    clock.now = START.plus(Duration.ofMinutes(9)).minusSeconds(1);
    assertThat(cache.exchange(key("k")).jwt()).isEqualTo("t1");
    clock.now = START.plus(Duration.ofMinutes(9)).plusSeconds(1);
    assertThat(cache.exchange(key("k")).jwt()).isEqualTo("t2");
  }

  @Test
  void aTokenThatHardlyLivesIsNotKept() {
    var cache = cache(Duration.ofSeconds(59), 10);

    cache.exchange(key("k"));
    cache.exchange(key("k"));

    assertThat(exchanges).hasValue(2);
  }

  @Test
  void theTokenOfATicketIsNotKept() {
    var cache = cache(Duration.ofMinutes(10), 10);

    cache.exchange(new Credential.Ticket("t", "/a"));
    cache.exchange(new Credential.Ticket("t", "/a"));

    assertThat(exchanges).hasValue(2);
  }

  @Test
  void aRefusalIsNotKept() {
    var cache = cache(Duration.ofMinutes(10), 10);

    assertThatThrownBy(() -> cache.exchange(key("bad"))).isInstanceOf(Fault.class);
    assertThatThrownBy(() -> cache.exchange(key("bad"))).isInstanceOf(Fault.class);

    assertThat(exchanges).hasValue(2);
  }

  @Test
  void aTokenPrintsWithoutItsSecret() {
    assertThat(new AccessToken("secret", START)).asString().doesNotContain("secret");
    assertThat(new Credential.Key("secret")).asString().doesNotContain("secret");
    assertThat(new Credential.Ticket("secret", "/a")).asString().doesNotContain("secret");
  }
}
