package dev.agentserver.file.http;

import com.linecorp.armeria.common.RequestHeaders;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.TokenVerifier;
import dev.agentserver.kit.problem.Problem;
import java.util.Locale;

/// Finds out who asks: by the token that the gateway sends on, or by a token or key of the client's
/// own.
final class Entrance {
  private static final String BEARER = "bearer ";

  /// Who asks, and the token that says so.
  record Known(Caller caller, String token) {}

  private final TokenVerifier verifier;

  Entrance(TokenVerifier verifier) {
    this.verifier = verifier;
  }

  Known caller(RequestHeaders headers) {
    var token = verifier.token(credential(headers));
    return new Known(verifier.verify(token), token);
  }

  private static String credential(RequestHeaders headers) {
    var authorization = headers.get("authorization");
    if (authorization == null) {
      var key = headers.get("x-api-key");
      if (key == null) {
        throw refused("the request carries no credential");
      }
      return key.strip();
    }
    if (!authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      throw refused("the authorization is not a bearer token");
    }
    return authorization.substring(BEARER.length()).strip();
  }

  /// As a method is guarded that runs may not call.
  static void refuseRun(Caller caller) {
    if (caller.run() != null) {
      throw new Problem.Denied("run").raise();
    }
  }

  /// As a method with this permission is guarded that runs may call too.
  static void admit(Caller caller, String permission) {
    if (caller.kind() != Caller.Kind.USER || !caller.may(permission)) {
      throw new Problem.Denied(permission).raise();
    }
    if (caller.tenantId() == null) {
      throw refused("the token names no tenant");
    }
  }

  private static RuntimeException refused(String why) {
    return new Problem.Unauthenticated("UNAUTHENTICATED", why).raise();
  }
}
