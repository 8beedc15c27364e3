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
/// itself stays nowhere. Calls that come with the same new key at once exchange it once. The token
/// of a ticket is not kept at all: it would be good for longer than its ticket.
public final class TokenCache implements TokenExchange {
  private static final Duration MARGIN = Duration.ofSeconds(60);

  private final TokenExchange exchange;
  private final Executor threads;
  private final AsyncCache<String, Outcome> outcomes;

  /// What an exchange came to. What is kept by nobody is got by all who wait for it.
  private sealed interface Outcome {
    /// @param isKept whether a later call may have it too
    record Exchanged(AccessToken token, boolean isKept) implements Outcome {}

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
      case Outcome.Exchanged(var token, var isKept) -> {
        var rest = Duration.between(now, token.expiresAt()).minus(MARGIN);
        yield isKept && rest.isPositive() ? rest : Duration.ZERO;
      }
    };
  }

  @Override
  public AccessToken exchange(Credential credential) {
    var outcome =
        outcomes.get(
            hash(credential),
            (_, _) -> CompletableFuture.supplyAsync(() -> attempt(credential), threads));
    return switch (outcome.join()) {
      case Outcome.Exchanged(var token, _) -> token;
      case Outcome.Refused(var fault) -> throw fault;
    };
  }

  private Outcome attempt(Credential credential) {
    try {
      var isKept =
          switch (credential) {
            case Credential.Key _ -> true;
            case Credential.Ticket _ -> false;
          };
      return new Outcome.Exchanged(exchange.exchange(credential), isKept);
    } catch (Fault fault) {
      return new Outcome.Refused(fault);
    }
  }

  private static String hash(Credential credential) {
    var text =
        switch (credential) {
          case Credential.Key(var key) -> "key " + key;
          case Credential.Ticket(var ticket, var path) -> "ticket " + path + " " + ticket;
        };
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }
}
