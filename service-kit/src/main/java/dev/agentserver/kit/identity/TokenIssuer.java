package dev.agentserver.kit.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Supplier;

/// Signs access tokens. Only the service that vouches for principals has one.
public final class TokenIssuer {
  /// How long a token is good for: short, because a service checks it without asking anybody.
  public static final Duration LIFETIME = Duration.ofMinutes(11);

  private final Signer signer;
  private final Clock clock;
  private final Supplier<UUID> ids;

  public TokenIssuer(SigningKey key, Clock clock, Supplier<UUID> ids) {
    this.signer = new Signer(key);
    this.clock = clock;
    this.ids = ids;
  }

  /// A token and when it ceases to be valid.
  public record Token(String jwt, Instant expiresAt) {
    @Override
    public String toString() {
      return "Token[***, " + expiresAt + "]";
    }
  }

  /// A token never outlives what the caller proved itself with.
  public Token issue(Caller caller) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var expiresAt = caller.noLaterThanExpiry(now.plus(LIFETIME));
    return new Token(signer.sign(Claims.of(caller, ids.get(), now, expiresAt)), expiresAt);
  }
}
