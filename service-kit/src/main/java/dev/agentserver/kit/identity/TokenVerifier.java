package dev.agentserver.kit.identity;

/// Turns an access token into the caller it speaks for.
@FunctionalInterface
public interface TokenVerifier {
  /// Fails with [dev.agentserver.kit.problem.Problem.Unauthenticated] for a token that is not
  /// valid, and with [dev.agentserver.kit.problem.Problem.Unavailable] while the keys cannot be
  /// had.
  Caller verify(String jwt);

  /// The token to verify for what a call carries, where it may carry something else.
  default String token(String credential) {
    return credential;
  }
}
