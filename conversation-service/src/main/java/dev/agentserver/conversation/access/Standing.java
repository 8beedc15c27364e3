package dev.agentserver.conversation.access;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.problem.Problem;
import java.time.Clock;
import java.time.Duration;

/// Whether the caller of an open stream may go on: the token was verified when it was opened.
///
/// @param tokenGrace how long a stream may outlive the token it was opened with
public record Standing(Revocations revocations, Clock clock, Duration tokenGrace) {
  /// Fails where the caller may not.
  public void require(Caller caller) {
    if (revocations.refuse(caller)) {
      throw new Problem.Unauthenticated("UNAUTHENTICATED", "the token was revoked").raise();
    }
    var expiresAt = caller.expiresAt();
    if (expiresAt != null && clock.instant().isAfter(expiresAt.plus(tokenGrace))) {
      throw new Problem.Unauthenticated("TOKEN_EXPIRED", "the token has expired").raise();
    }
  }
}
