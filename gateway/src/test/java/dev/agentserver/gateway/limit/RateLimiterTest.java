package dev.agentserver.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentserver.kit.identity.Caller;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {
  private static final UUID TENANT = UUID.randomUUID();

  // Near the end of the range, as the clock of a process may be.
  private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1_000_000);
  private final AtomicReference<Limits> limits = new AtomicReference<>(Limits.NONE);
  private final RateLimiter limiter = new RateLimiter(limits::get, time::get, 1_000);

  private static Client user(String key) {
    return user(TENANT, UUID.nameUUIDFromBytes(key.getBytes()), key);
  }

  private static Client user(UUID tenant, UUID user, String key) {
    return Client.of(new Caller(tenant, user, Caller.Kind.USER, Set.of(), Set.of(), key));
  }

  private static Client at(String address) {
    return Client.at(InetAddress.ofLiteral(address));
  }

  private void limit(String text) {
    limits.set(Limits.NONE.with(text));
  }

  private int served(Client client, Counted counted, int calls) {
    return (int)
        IntStream.range(0, calls)
            .filter(_ -> limiter.take(client, counted).filter(Allowance::isRefusal).isEmpty())
            .count();
  }

  private void pass(Duration duration) {
    time.addAndGet(duration.toNanos());
  }

  @Test
  void aMinutesWorthIsServedAtOnceAndNoMore() {
    limit("calls.key=60");

    assertThat(served(user("k"), Counted.CALLS, 100)).isEqualTo(60);
    var refused = limiter.take(user("k"), Counted.CALLS).orElseThrow();
    assertThat(refused.name()).isEqualTo("calls.key");
    assertThat(refused.remaining()).isZero();
    assertThat(refused.delay()).isEqualTo(Duration.ofSeconds(1));
    assertThat(refused.full()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void whoWaitsAsToldIsServed() {
    limit("calls.key=60");
    served(user("k"), Counted.CALLS, 60);

    pass(limiter.take(user("k"), Counted.CALLS).orElseThrow().delay().minusNanos(1));
    assertThat(served(user("k"), Counted.CALLS, 1)).isZero();
    pass(Duration.ofNanos(1));
    assertThat(served(user("k"), Counted.CALLS, 2)).isEqualTo(1);
    pass(Duration.ofSeconds(30));
    assertThat(served(user("k"), Counted.CALLS, 60)).isEqualTo(30);
    pass(Duration.ofDays(1));
    assertThat(served(user("k"), Counted.CALLS, 100)).isEqualTo(60);
  }

  @Test
  void theAnswerTellsTheLimitThatIsNearest() {
    limit("calls.key=10;calls.user=4;calls.tenant=100");

    var allowance = limiter.take(user("k"), Counted.CALLS).orElseThrow();

    assertThat(allowance.name()).isEqualTo("calls.user");
    assertThat(allowance.remaining()).isEqualTo(3);
    assertThat(allowance.full()).isEqualTo(Duration.ofSeconds(15));
    assertThat(allowance.isRefusal()).isFalse();
  }

  @Test
  void keysOfOneUserAndUsersOfOneTenantShareTheirs() {
    limit("calls.key=5;calls.user=8;calls.tenant=12");
    var user = UUID.randomUUID();

    assertThat(served(user(TENANT, user, "k1"), Counted.CALLS, 9)).isEqualTo(5);
    assertThat(served(user(TENANT, user, "k2"), Counted.CALLS, 9)).isEqualTo(3);
    assertThat(served(user("another"), Counted.CALLS, 9)).isEqualTo(4);
    assertThat(served(user(UUID.randomUUID(), user, "k3"), Counted.CALLS, 9)).isZero();
    assertThat(served(user(UUID.randomUUID(), UUID.randomUUID(), "k4"), Counted.CALLS, 9))
        .isEqualTo(5);
  }

  @Test
  void aCallThatIsRefusedCountsNowhere() {
    limit("calls.key=100;calls.tenant=10");
    served(user("loud"), Counted.CALLS, 50);

    limit("calls.key=100");

    assertThat(served(user("loud"), Counted.CALLS, 100)).isEqualTo(90);
  }

  @Test
  void watchesAreCountedForThemselves() {
    limit("calls.key=2;watches.key=7");

    assertThat(served(user("k"), Counted.CALLS, 9)).isEqualTo(2);
    assertThat(served(user("k"), Counted.WATCHES, 9)).isEqualTo(7);
  }

  @Test
  void anotherLimitHoldsFromTheNextCallOn() {
    limit("calls.key=10");
    served(user("k"), Counted.CALLS, 10);

    limit("calls.key=20");
    assertThat(served(user("k"), Counted.CALLS, 20)).isZero();
    pass(Duration.ofSeconds(30));
    assertThat(served(user("k"), Counted.CALLS, 20)).isEqualTo(10);
    limits.set(Limits.NONE);
    assertThat(limiter.take(user("k"), Counted.CALLS)).isEmpty();
  }

  @Test
  void strangersAreCountedByTheirAddressAndCallersAreNot() {
    limit("calls.address=3");

    assertThat(served(at("192.0.2.1"), Counted.CALLS, 9)).isEqualTo(3);
    assertThat(served(at("192.0.2.2"), Counted.CALLS, 9)).isEqualTo(3);
    assertThat(served(user("k"), Counted.CALLS, 9)).isEqualTo(9);
  }

  @Test
  void anIpv6SiteIsOneAddress() {
    limit("calls.address=3");

    assertThat(served(at("2001:db8:1:1::1"), Counted.CALLS, 2)).isEqualTo(2);
    assertThat(served(at("2001:db8:1:1:ffff::2"), Counted.CALLS, 9)).isEqualTo(1);
    assertThat(served(at("2001:db8:1:2::1"), Counted.CALLS, 9)).isEqualTo(3);
  }

  @Test
  void whoeverCallsFromManyAddressesTakesNoMemoryAndNoCallersPlace() {
    limit("calls.address=3;calls.key=3");
    served(user("k"), Counted.CALLS, 3);

    for (int i = 0; i < 100_000; i++) {
      limiter.take(at("10.%d.%d.%d".formatted(i >> 16, i >> 8 & 255, i & 255)), Counted.CALLS);
    }

    assertThat(limiter.size()).isLessThanOrEqualTo(1_001);
    assertThat(served(user("k"), Counted.CALLS, 1)).isZero();
  }

  @Test
  void callsThatComeTogetherAreCountedOnce() throws InterruptedException {
    limit("calls.key=1000");
    var served = new AtomicInteger();
    var threads =
        IntStream.range(0, 8)
            .mapToObj(
                _ ->
                    Thread.ofPlatform()
                        .start(() -> served.addAndGet(served(user("k"), Counted.CALLS, 500))))
            .toList();
    for (var thread : threads) {
      thread.join();
    }

    assertThat(served).hasValue(1000);
  }

  @Test
  void streamsAreCountedWhileTheyAreOpen() {
    limit("streams.key=2;streams.user=3");
    var streams = new StreamLimiter(limits::get);
    var user = UUID.randomUUID();
    var first = (StreamLimiter.Opened) streams.open(user(TENANT, user, "k1"));
    streams.open(user(TENANT, user, "k1"));

    var refused = (StreamLimiter.Refused) streams.open(user(TENANT, user, "k1"));
    assertThat(refused.name()).isEqualTo("streams.key");
    assertThat(refused.most()).isEqualTo(2);
    var third = (StreamLimiter.Opened) streams.open(user(TENANT, user, "k2"));
    assertThat(((StreamLimiter.Refused) streams.open(user(TENANT, user, "k2"))).name())
        .isEqualTo("streams.user");

    first.close().run();
    first.close().run();
    assertThat(streams.open(user(TENANT, user, "k1"))).isInstanceOf(StreamLimiter.Opened.class);
    assertThat(streams.open(user(TENANT, user, "k2"))).isInstanceOf(StreamLimiter.Refused.class);
    third.close().run();
    assertThat(streams.open(user(TENANT, user, "k2"))).isInstanceOf(StreamLimiter.Opened.class);
  }

  @Test
  void ofWhoHasNoStreamNothingIsKept() {
    var streams = new StreamLimiter(limits::get);
    var opened = (StreamLimiter.Opened) streams.open(user("k"));
    assertThat(streams.size()).isEqualTo(3);

    opened.close().run();

    assertThat(streams.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "calls.key",
        "calls.key=-1",
        "calls.all=5",
        "runs.key=5",
        "calls.key=5 6",
        "calls.key=1e3"
      })
  void aLimitThatIsNoneIsNamed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Limits.NONE.with(text))
        .withMessageContaining(text);
  }

  @Test
  void aLimitCanBeTakenBack() {
    var limits = Limits.DEFAULT.with("calls.key=0; streams.user=7;");

    assertThat(limits.find(Counted.CALLS, Scope.KEY)).isEmpty();
    assertThat(limits.find(Counted.STREAMS, Scope.USER)).hasValue(7);
    assertThat(limits.find(Counted.CALLS, Scope.USER))
        .isEqualTo(Limits.DEFAULT.find(Counted.CALLS, Scope.USER));
  }
}
