package dev.agentserver.kit.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/// Signs tickets. A ticket holds its caller, so that nothing has to be kept of it, but only what
/// the caller may read: a URL is seen by more eyes than a header. It never outlives the token it is
/// asked for with, so that no ticket can be turned into the next one for ever.
public final class TicketIssuer {
  /// How long a ticket is good for.
  public static final Duration LIFETIME = Duration.ofSeconds(60);

  /// Another than that of tokens, so that neither is taken for the other.
  static final String AUDIENCE = "agentserver-ticket";

  static final String PATH = "pth";

  private static final Set<String> READING = Set.of("read", "read_any", "evaluate");

  private final Signer signer;
  private final Clock clock;
  private final Supplier<UUID> ids;

  public TicketIssuer(SigningKey key, Clock clock, Supplier<UUID> ids) {
    this.signer = new Signer(key);
    this.clock = clock;
    this.ids = ids;
  }

  /// @param path the one it is good for
  public Ticket issue(Caller caller, String path) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var expiresAt = caller.noLaterThanExpiry(now.plus(LIFETIME));
    var claims =
        new JWTClaimsSet.Builder(Claims.of(reader(caller), ids.get(), now, expiresAt))
            .audience(AUDIENCE)
            .claim(PATH, path)
            .build();
    return new Ticket(signer.sign(claims), expiresAt);
  }

  private static Caller reader(Caller caller) {
    return caller.only(
        caller.permissions().stream()
            .filter(permission -> READING.contains(verb(permission)))
            .toList());
  }

  private static String verb(String permission) {
    return permission.substring(permission.indexOf(':') + 1);
  }
}
