package dev.agentserver.kit.grpc;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Context;
import io.grpc.Metadata;

/// The caller of the call that is being handled. Only the `Rpc` classes ask; the domain is given
/// it.
public final class Callers {
  public static final Context.Key<Caller> KEY = Context.key("caller");

  /// The token the caller proved itself with, which calls to other services carry on.
  static final Context.Key<String> TOKEN = Context.key("token");

  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private Callers() {}

  /// Fails with UNAUTHENTICATED where there is none, as in a public method.
  public static Caller current() {
    var caller = KEY.get();
    if (caller == null) {
      throw new Problem.Unauthenticated("UNAUTHENTICATED", "the call carries no credential")
          .raise();
    }
    return caller;
  }
}
