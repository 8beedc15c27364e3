package dev.agentserver.settings.flag.ofrep;

import com.linecorp.armeria.common.RequestHeaders;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.TicketVerifier;
import dev.agentserver.kit.identity.TokenVerifier;
import dev.agentserver.kit.problem.Problem;
import java.util.Locale;

/// Finds out who asks: by the token that the gateway sends on, by a token or key of the client's
/// own, or by the ticket in a stream's URL.
final class Entrance {
  static final String PERMISSION = "flag:evaluate";

  private static final String BEARER = "bearer ";

  private final TokenVerifier verifier;
  private final TicketVerifier tickets;

  Entrance(TokenVerifier verifier, TicketVerifier tickets) {
    this.verifier = verifier;
    this.tickets = tickets;
  }

  Caller caller(RequestHeaders headers) {
    return verifier.verify(verifier.token(credential(headers)));
  }

  Caller ofTicket(String ticket, String path) {
    return tickets.verify(ticket, path);
  }

  static boolean hasCredential(RequestHeaders headers) {
    return headers.contains("authorization") || headers.contains("x-api-key");
  }

  private static String credential(RequestHeaders headers) {
    var authorization = headers.get("authorization");
    if (authorization == null) {
      var key = headers.get("x-api-key");
      if (key == null) {
        throw refused("the request carries no credential");
      }
      return key.strip();
    }
    if (!authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      throw refused("the authorization is not a bearer token");
    }
    return authorization.substring(BEARER.length()).strip();
  }

  /// As every method with this permission is guarded.
  static void admit(Caller caller) {
    if (caller.kind() != Caller.Kind.USER
        || caller.run() != null
        || !(caller.may(PERMISSION) || caller.mayAny(PERMISSION))) {
      throw new Problem.Denied(PERMISSION).raise();
    }
    if (caller.tenantId() == null) {
      throw refused("the token names no tenant");
    }
  }

  private static RuntimeException refused(String why) {
    return new Problem.Unauthenticated("UNAUTHENTICATED", why).raise();
  }
}
