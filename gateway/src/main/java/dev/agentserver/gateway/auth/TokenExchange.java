package dev.agentserver.gateway.auth;

/// Exchanges API keys for access tokens.
@FunctionalInterface
public interface TokenExchange {
  /// A [dev.agentserver.gateway.fault.Fault] when the key is not accepted or nobody answers.
  AccessToken exchange(String apiKey);
}
