package dev.agentserver.kit.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;

/// The tokens that API keys were exchanged for, by the SHA-256 of the key: the key itself stays
/// nowhere. Calls that come with the same new key at once exchange it once.
///
/// A token is renewed from its second minute on, beside the calls; so while nobody answers, a key
/// in use goes on for ten minutes at least. What is revoked is dropped.
public final class ExchangedTokens {
  private static final Duration RENEWED_BEFORE = TokenIssuer.LIFETIME.minusMinutes(1);
  private static final Duration BETWEEN_RENEWALS = Duration.ofSeconds(10);

  private final Clock clock;
  private final Revocations revocations;
  private final Executor threads;
  private final Cache<String, Held> held;
  private final ConcurrentHashMap<String, CompletableFuture<IssuedToken>> running =
      new ConcurrentHashMap<>();

  private static final class Held {
    private final IssuedToken token;
    private volatile Instant renewAt;

    private Held(IssuedToken token) {
      this.token = token;
      this.renewAt = token.expiresAt().minus(RENEWED_BEFORE);
    }
  }

  /// @param size the most tokens kept
  /// @param threads where exchanges run
  public ExchangedTokens(int size, Clock clock, Revocations revocations, Executor threads) {
    this.clock = clock;
    this.revocations = revocations;
    this.threads = threads;
    this.held = Caffeine.newBuilder().maximumSize(size).executor(Runnable::run).build();
  }

  /// The token of this key; what the exchange throws is thrown to all who wait for it, and not
  /// remembered.
  public IssuedToken get(String key, Function<String, IssuedToken> exchange) {
    var hash = hash(key);
    var found = held.getIfPresent(hash);
    var now = clock.instant();
    if (found == null || !isGood(found.token, now)) {
      return once(hash, key, exchange);
    }
    if (!now.isBefore(found.renewAt)) {
      found.renewAt = now.plus(BETWEEN_RENEWALS);
      start(hash, key, exchange);
    }
    return found.token;
  }

  /// Whether [#get] will answer at once.
  public boolean knows(String key) {
    var found = held.getIfPresent(hash(key));
    return found != null && isGood(found.token, clock.instant());
  }

  private boolean isGood(IssuedToken token, Instant now) {
    return now.isBefore(token.expiresAt()) && !revocations.refuse(token.caller());
  }

  private IssuedToken once(String hash, String key, Function<String, IssuedToken> exchange) {
    try {
      return start(hash, key, exchange).join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw failed;
    }
  }

  private CompletableFuture<IssuedToken> start(
      String hash, String key, Function<String, IssuedToken> exchange) {
    var mine = new CompletableFuture<IssuedToken>();
    var before = running.putIfAbsent(hash, mine);
    if (before != null) {
      return before;
    }
    threads.execute(
        () -> {
          try {
            var token = exchange.apply(key);
            held.put(hash, new Held(token));
            mine.complete(token);
          } catch (RuntimeException failed) {
            mine.completeExceptionally(failed);
          } finally {
            running.remove(hash);
          }
        });
    return mine;
  }

  private static String hash(String key) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }
}
