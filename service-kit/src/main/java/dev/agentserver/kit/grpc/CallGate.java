package dev.agentserver.kit.grpc;

import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.identity.TokenVerifier;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Decides whether a call reaches its handler: identity, policy, deadline, admission, in this
/// order.
final class CallGate {
  private final TokenVerifier verifier;
  private final Admission admission;
  private final Duration defaultDeadline;
  private final Duration maxDeadline;
  private final ScheduledExecutorService timer;

  CallGate(
      ServerConfig config,
      TokenVerifier verifier,
      Admission admission,
      ScheduledExecutorService timer) {
    this.verifier = verifier;
    this.admission = admission;
    this.defaultDeadline = config.defaultDeadline();
    this.maxDeadline = config.maxDeadline();
    this.timer = timer;
  }

  /// Puts the gate before one method's handler. Its policy is read here, at the start.
  <Q, R> ServerCallHandler<Q, R> before(
      MethodDescriptor<Q, R> method, ServerCallHandler<Q, R> handler) {
    var policy = MethodPolicy.of(method);
    var brief = method.getType() == MethodDescriptor.MethodType.UNARY && !policy.waits();
    var share = brief ? admission.new Share() : null;
    var bounded = method.getType() == MethodDescriptor.MethodType.UNARY;
    return (call, headers) -> {
      var context = admit(policy, headers);
      if (share == null) {
        admission.openStream();
      }
      var deadline = bounded ? deadline(context) : null;
      var cancellable = deadline == null ? null : context.withDeadline(deadline, timer);
      var gated =
          new GatedCall<Q, R>(
              cancellable == null ? context : cancellable,
              cancellable,
              share,
              share == null ? admission : null);
      return gated.start(call, headers, handler);
    };
  }

  /// A public method does not look at credentials: its caller may be here to replace one that has
  /// expired.
  private Context admit(MethodPolicy policy, Metadata headers) {
    var context = Context.current();
    if (policy.open()) {
      return context;
    }
    var credential = Authentication.token(headers);
    var token = credential == null ? null : verifier.token(credential);
    var caller = token == null ? null : verifier.verify(token);
    if (caller != null) {
      CallScope.current().caller(caller);
    }
    policy.check(caller);
    return caller == null ? context : context.withValues(Callers.KEY, caller, Callers.TOKEN, token);
  }

  /// The deadline to set; null when the client's own will do. Streams, whichever way, have only the
  /// client's.
  private @Nullable Deadline deadline(Context context) {
    var sent = context.getDeadline();
    if (sent == null) {
      return Deadline.after(defaultDeadline.toNanos(), TimeUnit.NANOSECONDS);
    }
    var most = Deadline.after(maxDeadline.toNanos(), TimeUnit.NANOSECONDS);
    return most.isBefore(sent) ? most : null;
  }
}
