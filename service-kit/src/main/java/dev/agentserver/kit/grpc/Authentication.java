package dev.agentserver.kit.grpc;

import dev.agentserver.kit.problem.Problem;
import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/// Reads the credential of a call: `authorization: Bearer <access token>`.
final class Authentication {
  private static final String SCHEME = "Bearer ";

  private Authentication() {}

  /// The token; null when the call carries none. Another scheme is refused rather than overlooked.
  static @Nullable String token(Metadata headers) {
    var authorization = headers.get(Callers.AUTHORIZATION);
    if (authorization == null) {
      return null;
    }
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new Problem.Unauthenticated(
              "UNAUTHENTICATED", "the authorization is not a bearer token")
          .raise();
    }
    return authorization.substring(SCHEME.length()).strip();
  }
}
