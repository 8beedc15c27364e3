package dev.agentserver.settings.token;

import dev.agentserver.kit.identity.Caller;

/// Accepts tokens of OIDC providers.
@FunctionalInterface
public interface OidcSignIn {
  /// The user a provider's token stands for. Fails with Unauthenticated where the token is not
  /// accepted.
  Caller signIn(String token);
}
