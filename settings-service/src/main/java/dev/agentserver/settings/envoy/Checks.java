package dev.agentserver.settings.envoy;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Caller.Kind;
import dev.agentserver.kit.identity.TokenVerifier;
import dev.agentserver.kit.problem.Problem;
import java.util.ArrayList;
import java.util.Optional;

/// Decides about requests as the gateway and the services do: keys are exchanged, tokens verified,
/// tickets taken where they may be. What a method asks for beyond that the service itself decides.
final class Checks {
  private static final String BEARER = "bearer ";
  private static final String TICKET = "ticket=";

  private final Routes routes;
  private final TokenVerifier verifier;
  private final Tickets tickets;

  /// Exchanges tickets.
  @FunctionalInterface
  public interface Tickets {
    /// The token of a ticket that was presented at a path. Fails with Unauthenticated where it is
    /// not good there.
    String exchange(String ticket, String path);
  }

  Checks(Routes routes, TokenVerifier verifier, Tickets tickets) {
    this.routes = routes;
    this.verifier = verifier;
    this.tickets = tickets;
  }

  /// Fails with a Problem where the request may not go on.
  Pass decide(Asked asked) {
    if (asked.isPreflight()) {
      return new Pass.Anonymous();
    }
    return switch (routes.of(asked.method(), asked.path())) {
      case NOTHING -> new Pass.Anonymous();
      case CLOSED -> throw new Problem.Denied("internal").raise();
      case CREDENTIAL -> as(credential(asked).orElseThrow(Checks::none));
      case CREDENTIAL_OR_TICKET ->
          credential(asked)
              .map(this::as)
              .orElseGet(() -> byTicket(asked, ticket(asked).orElseThrow(Checks::none)));
    };
  }

  private Pass as(String credential) {
    var token = verifier.token(credential);
    requireUser(verifier.verify(token));
    return new Pass.As(token);
  }

  private Pass byTicket(Asked asked, String ticket) {
    var token = tickets.exchange(ticket, asked.path());
    requireUser(verifier.verify(token));
    return new Pass.As(token);
  }

  /// Services speak to each other, not through the door that users come in by.
  private static void requireUser(Caller caller) {
    if (caller.kind() != Kind.USER) {
      throw new Problem.Denied("internal").raise();
    }
  }

  private static Optional<String> credential(Asked asked) {
    var authorization = asked.header("authorization");
    if (authorization.isEmpty()) {
      return Optional.of(asked.header("x-api-key")).filter(key -> !key.isEmpty());
    }
    if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw unauthenticated("the Authorization header is not Bearer <token or API key>");
    }
    return Optional.of(authorization.substring(BEARER.length()).strip());
  }

  private static Optional<String> ticket(Asked asked) {
    var found = new ArrayList<String>();
    for (var parameter : asked.query().split("&")) {
      if (parameter.startsWith(TICKET)) {
        found.add(parameter.substring(TICKET.length()));
      }
    }
    if (found.size() > 1) {
      throw Problem.invalid("ticket", "is twice in the query");
    }
    return found.stream().findFirst();
  }

  private static RuntimeException none() {
    return unauthenticated(
        "the call carries no credential: send Authorization: Bearer <token or API key>");
  }

  private static RuntimeException unauthenticated(String message) {
    return new Problem.Unauthenticated("UNAUTHENTICATED", message).raise();
  }
}
