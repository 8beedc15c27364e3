package dev.agentserver.gateway.auth;

import com.linecorp.armeria.common.HttpHeaders;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.ForeignToken;
import dev.agentserver.kit.identity.IssuedToken;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the token that a call travels with, and whose it is. A token of our own goes on as it is,
/// because every service verifies it itself; an API key, a ticket or an OIDC provider's token is
/// exchanged for one; without a credential only public methods may be called.
public final class Authenticator {
  private static final String BEARER = "bearer ";
  private static final String KEY_PREFIX = "ag_";

  private final TokenExchange exchange;
  private final Tokens tokens;

  public Authenticator(TokenExchange exchange, Tokens tokens) {
    this.exchange = exchange;
    this.tokens = tokens;
  }

  /// @param isPublic whether no credential is needed
  /// @param ticket what counts where no header has a credential
  /// @param stranger runs before anything is done for a call that is not known to be somebody's; it
  /// may refuse it
  public Identity identify(
      boolean isPublic,
      HttpHeaders headers,
      Optional<Credential.Ticket> ticket,
      Runnable stranger) {
    var credential = credential(headers);
    if (credential != null) {
      return identify(credential, stranger);
    }
    stranger.run();
    if (ticket.isPresent()) {
      return of(exchange.exchange(ticket.get()));
    }
    if (isPublic) {
      return Identity.ANONYMOUS;
    }
    throw Fault.unauthenticated(
        "the call carries no credential: send Authorization: Bearer <token or API key>");
  }

  private Identity identify(String credential, Runnable stranger) {
    if (credential.startsWith(KEY_PREFIX)) {
      // A damaged key is told without asking anybody.
      if (ApiKey.parse(credential).isEmpty()) {
        stranger.run();
        throw Fault.unauthenticated("the API key is damaged");
      }
      return exchanged(new Credential.Key(credential), stranger);
    }
    return ForeignToken.is(credential)
        ? exchanged(new Credential.Oidc(credential), stranger)
        : own(credential, stranger);
  }

  private Identity exchanged(Credential credential, Runnable stranger) {
    if (!exchange.knows(credential)) {
      stranger.run();
    }
    return of(exchange.exchange(credential));
  }

  private Identity own(String jwt, Runnable stranger) {
    var known = tokens.known(jwt);
    if (known.isPresent()) {
      return new Identity(Optional.of(jwt), known);
    }
    stranger.run();
    return new Identity(Optional.of(jwt), tokens.verified(jwt));
  }

  private static Identity of(IssuedToken issued) {
    return new Identity(Optional.of(issued.jwt()), Optional.of(issued.caller()));
  }

  private static @Nullable String credential(HttpHeaders headers) {
    var authorization = headers.get("authorization");
    if (authorization == null) {
      return headers.get("x-api-key");
    }
    if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw Fault.unauthenticated("the Authorization header is not Bearer <token or API key>");
    }
    return authorization.substring(BEARER.length()).strip();
  }
}
