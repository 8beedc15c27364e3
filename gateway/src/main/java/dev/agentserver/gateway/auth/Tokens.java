package dev.agentserver.gateway.auth;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.JwtVerifier;
import dev.agentserver.kit.problem.ProblemException;
import java.util.Optional;

/// Reads tokens of our own: whom they speak for, if that is certain.
public final class Tokens {
  private final JwtVerifier verifier;

  public Tokens(JwtVerifier verifier) {
    this.verifier = verifier;
  }

  /// The caller of a token that was verified before.
  Optional<Caller> known(String jwt) {
    return verifier.known(jwt);
  }

  /// The caller; empty where the token is no good, or the keys to tell cannot be had. Which of both
  /// is for the service to say: it verifies the token too.
  Optional<Caller> verified(String jwt) {
    try {
      return Optional.of(verifier.verify(jwt));
    } catch (ProblemException _) {
      return Optional.empty();
    }
  }
}
