package dev.agentserver.kit.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// Makes calls outside the context of the call that needs them: what a channel opens meanwhile,
/// such as its health check, is for all calls and must not end with the first. The deadline and the
/// end of the call at hand hold for what it asks as ever.
final class Apart implements ClientInterceptor {
  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    var context = Context.current();
    var bounded = options.withDeadline(earlier(options.getDeadline(), context.getDeadline()));
    var before = Context.ROOT.attach();
    try {
      return new Bound<>(context, next.newCall(method, bounded));
    } finally {
      Context.ROOT.detach(before);
    }
  }

  private static @Nullable Deadline earlier(@Nullable Deadline own, @Nullable Deadline callers) {
    if (own == null || callers == null) {
      return own == null ? callers : own;
    }
    return own.minimum(callers);
  }

  /// A call that ends with the context it was made in.
  private static final class Bound<Q, R> extends SimpleForwardingClientCall<Q, R> {
    private final Context context;
    private final Context.CancellationListener end =
        ended -> cancel("the call that asked has ended", ended.cancellationCause());

    Bound(Context context, ClientCall<Q, R> call) {
      super(call);
      this.context = context;
    }

    @Override
    public void start(Listener<R> listener, Metadata headers) {
      super.start(
          new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              context.removeListener(end);
              super.onClose(status, trailers);
            }
          },
          headers);
      context.addListener(end, Runnable::run);
    }
  }
}
