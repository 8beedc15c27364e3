package dev.agentserver.kit.grpc;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import io.grpc.Context;
import io.grpc.Metadata;
import java.util.function.Supplier;

/// The caller of the call that is being handled. Only the `Rpc` classes ask; the domain is given
/// it.
public final class Callers {
  public static final Context.Key<Caller> KEY = Context.key("caller");

  /// The token the caller proved itself with, which calls to other services carry on.
  static final Context.Key<String> TOKEN = Context.key("token");

  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private Callers() {}

  /// Does something as a caller whose token came otherwise than by gRPC: calls to other services
  /// carry it on.
  public static <T> T as(Caller caller, String token, Supplier<T> work) {
    var context = Context.current().withValues(KEY, caller, TOKEN, token);
    var before = context.attach();
    try {
      return work.get();
    } finally {
      context.detach(before);
    }
  }

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
