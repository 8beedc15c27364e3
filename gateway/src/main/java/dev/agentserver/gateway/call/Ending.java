package dev.agentserver.gateway.call;

import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.fault.Fault;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/// Tells an end that the service sent from one that the connection or the deadline made: only the
/// former's words may go out. A call that was cancelled, and not here, was cut by a service that is
/// going away.
final class Ending extends ClientStreamTracer.Factory {
  private final String upstream;
  private volatile boolean byService;
  private volatile boolean byUs;

  Ending(String upstream) {
    this.upstream = upstream;
  }

  CallOptions watch(CallOptions options) {
    return options.withStreamTracerFactory(this);
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    return new ClientStreamTracer() {
      @Override
      public void inboundTrailers(Metadata trailers) {
        byService = true;
      }
    };
  }

  /// Cancels the call that is watched.
  void cancel(ClientCall<?, ?> call, String why, @Nullable Throwable cause) {
    byUs = true;
    call.cancel(why, cause);
  }

  Fault fault(Answers answers, Status end, Metadata trailers) {
    var isCut = end.getCode() == Status.Code.CANCELLED && !byService && !byUs;
    return isCut ? Fault.unavailable(upstream) : answers.fault(end, trailers, byService, upstream);
  }
}
