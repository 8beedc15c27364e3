package dev.agentserver.gateway.auth;

/// Exchanges credentials for access tokens.
@FunctionalInterface
public interface TokenExchange {
  /// A [dev.agentserver.gateway.fault.Fault] when the credential is not accepted or nobody answers.
  AccessToken exchange(Credential credential);
}
