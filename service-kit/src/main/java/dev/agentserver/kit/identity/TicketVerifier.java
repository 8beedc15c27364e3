package dev.agentserver.kit.identity;

import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;

/// Verifies tickets by the published keys.
public final class TicketVerifier implements AutoCloseable {
  private static final Duration TTL = Duration.ofMinutes(5);
  private static final Duration OUTAGE = Duration.ofHours(4);

  private final SignedClaims tickets;

  public TicketVerifier(JwksClient client, Clock clock) {
    var keys = new KeySet(client, TTL, OUTAGE);
    this.tickets = new SignedClaims("ticket", TicketIssuer.AUDIENCE, Duration.ZERO, keys, clock);
  }

  /// The caller the ticket was issued to, as far as it may read; it expires with the ticket.
  ///
  /// @param path where the ticket was presented; one for another path is not valid there
  public Caller verify(String ticket, String path) {
    var claims = tickets.read(ticket);
    try {
      if (!path.equals(claims.getStringClaim(TicketIssuer.PATH))) {
        throw tickets.invalid(" is for another path");
      }
      return Claims.caller(claims);
    } catch (ParseException malformed) {
      throw tickets.malformed();
    }
  }

  @Override
  public void close() {
    tickets.close();
  }
}
