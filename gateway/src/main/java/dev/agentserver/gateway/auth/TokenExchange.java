package dev.agentserver.gateway.auth;

import dev.agentserver.kit.identity.IssuedToken;

/// Exchanges credentials for access tokens.
public interface TokenExchange {
  /// A [dev.agentserver.gateway.fault.Fault] when the credential is not accepted or nobody answers.
  IssuedToken exchange(Credential credential);

  /// Whether the answer is known without asking anybody.
  default boolean knows(Credential credential) {
    return false;
  }
}
