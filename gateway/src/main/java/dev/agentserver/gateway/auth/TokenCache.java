package dev.agentserver.gateway.auth;

import dev.agentserver.kit.identity.ExchangedTokens;
import dev.agentserver.kit.identity.IssuedToken;

/// Keeps the tokens of keys and of providers' tokens. The token of a ticket is not kept at all: it
/// would be good for longer than its ticket.
public final class TokenCache implements TokenExchange {
  private final TokenExchange exchange;
  private final ExchangedTokens kept;

  public TokenCache(TokenExchange exchange, ExchangedTokens kept) {
    this.exchange = exchange;
    this.kept = kept;
  }

  @Override
  public IssuedToken exchange(Credential credential) {
    return switch (credential) {
      case Credential.Key(var text) ->
          kept.get(text, key -> exchange.exchange(new Credential.Key(key)));
      case Credential.Oidc(var text) ->
          kept.get(text, token -> exchange.exchange(new Credential.Oidc(token)));
      case Credential.Ticket _ -> exchange.exchange(credential);
    };
  }

  @Override
  public boolean knows(Credential credential) {
    return switch (credential) {
      case Credential.Key(var text) -> kept.knows(text);
      case Credential.Oidc(var text) -> kept.knows(text);
      case Credential.Ticket _ -> false;
    };
  }
}
