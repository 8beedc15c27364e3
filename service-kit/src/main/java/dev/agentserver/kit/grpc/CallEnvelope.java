package dev.agentserver.kit.grpc;

import dev.agentserver.kit.config.ServerConfig;
import io.grpc.Context;
import io.grpc.ServerCallHandler;
import java.time.Duration;

/// Around every call: gives it an id, measures and logs it, sees that every failure carries a
/// reason, and has refusals audited.
final class CallEnvelope {
  private final RefusalSink refusals;
  private final Drain drain;
  private final int maxMessageBytes;
  private final Duration stall;

  CallEnvelope(RefusalSink refusals, Drain drain, ServerConfig config) {
    this.refusals = refusals;
    this.drain = drain;
    this.maxMessageBytes = config.maxInboundMessageBytes();
    this.stall = config.streamStall();
  }

  <Q, R> ServerCallHandler<Q, R> around(RpcMeter meter, ServerCallHandler<Q, R> handler) {
    return (call, headers) -> {
      var scope =
          new CallScope(
              RequestId.of(headers.get(RequestId.HEADER)),
              Forwarded.of(headers),
              maxMessageBytes,
              stall,
              drain);
      var context = Context.current().withValue(CallScope.KEY, scope);
      var enveloped = new EnvelopedCall<>(call, scope, context, meter, refusals);
      return enveloped.start(headers, handler);
    };
  }
}
