package dev.agentserver.gateway.auth;

import dev.agentserver.kit.identity.IssuedToken;

/// Exchanges credentials for access tokens.
@FunctionalInterface
public interface TokenExchange {
  /// A [dev.agentserver.gateway.fault.Fault] when the credential is not accepted or nobody answers.
  IssuedToken exchange(Credential credential);
}
