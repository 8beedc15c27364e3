package dev.agentserver.agentrun.run;

import java.time.Instant;

/// Issues the tokens of runs. It is asked outside of transactions.
@FunctionalInterface
public interface Tokens {
  /// @param jwt a secret
  record Token(String jwt, Instant expiresAt) {
    @Override
    public String toString() {
      return "Token[***, " + expiresAt + "]";
    }
  }

  /// A token of the run's newest lease. Fails with Refused where the run's user may do nothing any
  /// more, and with Unavailable where nobody answers.
  Token issue(Run run);
}
