package dev.agentserver.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Counts calls against the limits that hold at that moment. A call is counted in every scope of
/// its client, or in none.
///
/// A bucket that was not touched for a minute is full, which is what a new one is, so it need not
/// be kept. Those of strangers are kept apart: whoever calls from many addresses pushes out no
/// caller's.
public final class RateLimiter {
  private static final Duration FULL = Duration.ofMinutes(1);

  private final Supplier<Limits> limits;
  private final LongSupplier nanoTime;
  private final Cache<Name, Bucket> callers;
  private final Cache<Name, Bucket> strangers;

  private record Name(Counted counted, Scope scope, Object client) {}

  private record Drawn(Bucket bucket, int perMinute) {}

  /// @param limits asked at every call
  /// @param nanoTime the time, as [System#nanoTime] has it
  /// @param size the most buckets of callers that are kept, and of strangers
  public RateLimiter(Supplier<Limits> limits, LongSupplier nanoTime, int size) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.callers = buckets(size);
    this.strangers = buckets(size);
  }

  private Cache<Name, Bucket> buckets(int size) {
    return Caffeine.newBuilder()
        .maximumSize(size)
        .expireAfterAccess(FULL)
        .ticker(nanoTime::getAsLong)
        .executor(Runnable::run)
        .build();
  }

  /// Counts one call. The answer is the limit that refuses it, else the one that is nearest; empty
  /// where none holds.
  public Optional<Allowance> take(Client client, Counted counted) {
    var now = nanoTime.getAsLong();
    var drawn = new ArrayDeque<Drawn>();
    Allowance nearest = null;
    for (var scope : Scope.values()) {
      var name = client.names().get(scope);
      var limit = limits.get().find(counted, scope);
      if (name == null || limit.isEmpty()) {
        continue;
      }
      var bucket = bucket(new Name(counted, scope, name), now);
      var level = bucket.take(now, limit.get());
      var allowance = allowance(counted, scope, limit.get(), level);
      if (allowance.isRefusal()) {
        drawn.forEach(each -> each.bucket().putBack(each.perMinute()));
        return Optional.of(allowance);
      }
      drawn.add(new Drawn(bucket, limit.get()));
      nearest = nearest == null || allowance.isTighterThan(nearest) ? allowance : nearest;
    }
    return Optional.ofNullable(nearest);
  }

  private Bucket bucket(Name name, long now) {
    var cache = name.scope() == Scope.ADDRESS ? strangers : callers;
    return cache.get(name, _ -> new Bucket(now));
  }

  private static Allowance allowance(
      Counted counted, Scope scope, int perMinute, Bucket.Level level) {
    return new Allowance(
        counted,
        scope,
        perMinute,
        level.remaining(),
        Duration.ofNanos(level.fullInNanos()),
        Duration.ofNanos(level.waitNanos()));
  }

  /// How many buckets are kept.
  public long size() {
    return callers.estimatedSize() + strangers.estimatedSize();
  }
}
