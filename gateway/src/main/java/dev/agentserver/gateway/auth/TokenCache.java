package dev.agentserver.gateway.auth;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.agentserver.gateway.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// Keeps exchanged tokens until a minute before they expire, by the SHA-256 of their key: the key
/// itself stays nowhere. Calls that come with the same new key at once exchange it once.
public final class TokenCache implements TokenExchange {
  private static final Duration MARGIN = Duration.ofSeconds(60);

  private final TokenExchange exchange;
  private final Executor threads;
  private final AsyncCache<String, Outcome> outcomes;

  /// What an exchange came to. A refusal is kept by nobody, but those who wait for it all get it.
  private sealed interface Outcome {
    record Exchanged(AccessToken token) implements Outcome {}

    record Refused(Fault fault) implements Outcome {}
  }

  /// @param size the most tokens kept
  public TokenCache(TokenExchange exchange, int size, Clock clock, Executor threads) {
    this.exchange = exchange;
    this.threads = threads;
    this.outcomes =
        Caffeine.newBuilder()
            .maximumSize(size)
            .ticker(() -> nanos(clock.instant()))
            .expireAfter(
                Expiry.<String, Outcome>creating((_, outcome) -> keep(outcome, clock.instant())))
            .buildAsync();
  }

  private static long nanos(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
  }

  private static Duration keep(Outcome outcome, Instant now) {
    return switch (outcome) {
      case Outcome.Refused(_) -> Duration.ZERO;
      case Outcome.Exchanged(var token) -> {
        var rest = Duration.between(now, token.expiresAt()).minus(MARGIN);
        yield rest.isNegative() ? Duration.ZERO : rest;
      }
    };
  }

  @Override
  public AccessToken exchange(String apiKey) {
    var outcome =
        outcomes.get(
            hash(apiKey), (_, _) -> CompletableFuture.supplyAsync(() -> attempt(apiKey), threads));
    return switch (outcome.join()) {
      case Outcome.Exchanged(var token) -> token;
      case Outcome.Refused(var fault) -> throw fault;
    };
  }

  private Outcome attempt(String apiKey) {
    try {
      return new Outcome.Exchanged(exchange.exchange(apiKey));
    } catch (Fault fault) {
      return new Outcome.Refused(fault);
    }
  }

  private static String hash(String apiKey) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(apiKey.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }
}
