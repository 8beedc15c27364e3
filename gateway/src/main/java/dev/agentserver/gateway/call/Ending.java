package dev.agentserver.gateway.call;

import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.fault.Fault;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;

/// Tells an end that the service sent from one that the connection or the deadline made: only the
/// former's words may go out.
final class Ending extends ClientStreamTracer.Factory {
  private final String upstream;
  private volatile boolean byService;

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

  Fault fault(Answers answers, Status end, Metadata trailers) {
    return answers.fault(end, trailers, byService, upstream);
  }
}
