package dev.agentserver.gateway.auth;

import com.linecorp.armeria.common.HttpHeaders;
import dev.agentserver.gateway.contract.Method;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.ForeignToken;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the token that a call travels with. A token of our own goes on as it is, because every
/// service verifies it itself; an API key, a ticket or an OIDC provider's token is exchanged for
/// one; without a credential only public methods may be called.
public final class Authenticator {
  private static final String BEARER = "bearer ";
  private static final String KEY_PREFIX = "ag_";

  private final TokenExchange exchange;

  public Authenticator(TokenExchange exchange) {
    this.exchange = exchange;
  }

  /// The token to send on; empty for an anonymous call of a public method.
  public Optional<String> token(Method method, HttpHeaders headers) {
    return token(method, headers, Optional.empty());
  }

  /// @param ticket what counts where no header has a credential
  public Optional<String> token(
      Method method, HttpHeaders headers, Optional<Credential.Ticket> ticket) {
    return token(method.isPublic(), headers, ticket);
  }

  /// @param isPublic whether no credential is needed
  /// @param ticket what counts where no header has a credential
  public Optional<String> token(
      boolean isPublic, HttpHeaders headers, Optional<Credential.Ticket> ticket) {
    var credential = credential(headers);
    if (credential == null) {
      if (ticket.isPresent()) {
        return ticket.map(presented -> exchange.exchange(presented).jwt());
      }
      if (isPublic) {
        return Optional.empty();
      }
      throw Fault.unauthenticated(
          "the call carries no credential: send Authorization: Bearer <token or API key>");
    }
    return Optional.of(token(credential));
  }

  private String token(String credential) {
    if (credential.startsWith(KEY_PREFIX)) {
      return ofKey(credential);
    }
    return ForeignToken.is(credential)
        ? exchange.exchange(new Credential.Oidc(credential)).jwt()
        : credential;
  }

  private String ofKey(String apiKey) {
    // A damaged key is told without asking anybody.
    if (ApiKey.parse(apiKey).isEmpty()) {
      throw Fault.unauthenticated("the API key is damaged");
    }
    return exchange.exchange(new Credential.Key(apiKey)).jwt();
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
