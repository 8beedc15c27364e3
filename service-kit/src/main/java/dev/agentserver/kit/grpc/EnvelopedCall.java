package dev.agentserver.kit.grpc;

import static io.grpc.Status.Code.PERMISSION_DENIED;
import static io.grpc.Status.Code.UNAUTHENTICATED;

import dev.agentserver.kit.observe.Logging;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/// One call within its envelope, see [CallEnvelope].
final class EnvelopedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
  private static final Logger ACCESS = LoggerFactory.getLogger("dev.agentserver.access");
  private static final long SLOW_NANOS = 1_000_000_000L;

  private final CallScope scope;
  private final Context context;
  private final RpcMeter meter;
  private final RefusalSink refusals;
  private final long startedAt = System.nanoTime();
  private final AtomicBoolean ended = new AtomicBoolean();
  private boolean headersSent;
  private volatile boolean closed;

  EnvelopedCall(
      ServerCall<Q, R> call,
      CallScope scope,
      Context context,
      RpcMeter meter,
      RefusalSink refusals) {
    super(call);
    this.scope = scope;
    this.context = context;
    this.meter = meter;
    this.refusals = refusals;
  }

  ServerCall.Listener<Q> start(Metadata headers, ServerCallHandler<Q, R> handler) {
    meter.started();
    var events = new EnvelopedEvents<Q>(this);
    events.run(() -> events.delegateTo(handler.startCall(this, headers)));
    return events;
  }

  /// Runs an event in the call's context, with its id in the log; what it throws ends the call.
  /// False when it threw.
  boolean run(Runnable event) {
    var before = context.attach();
    MDC.put(Logging.REQUEST_ID, scope.requestId());
    try {
      event.run();
      return true;
    } catch (Throwable fault) {
      fail(fault);
      return false;
    } finally {
      MDC.remove(Logging.REQUEST_ID);
      context.detach(before);
    }
  }

  @Override
  public void sendHeaders(Metadata headers) {
    headersSent = true;
    headers.put(RequestId.HEADER, scope.requestId());
    super.sendHeaders(headers);
  }

  @Override
  public void close(Status status, Metadata trailers) {
    closed = true;
    if (!headersSent) {
      trailers.put(RequestId.HEADER, scope.requestId());
    }
    if (status.isOk()) {
      super.close(status, trailers);
      end(status);
      return;
    }
    var failure = Failure.of(status, trailers);
    audit(failure);
    super.close(failure.status(), failure.trailers());
    end(failure.status());
  }

  /// Measures the call, once, whichever comes first: its status or the client's going away.
  void end(Status status) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    var nanos = System.nanoTime() - startedAt;
    meter.ended(status.getCode(), nanos);
    var level = status.isOk() && nanos < SLOW_NANOS ? Level.DEBUG : Level.INFO;
    if (ACCESS.isEnabledForLevel(level)) {
      ACCESS
          .atLevel(level)
          .addKeyValue("method", meter.method())
          .addKeyValue("code", status.getCode())
          .addKeyValue("micros", nanos / 1000)
          .log("{} {}", meter.method(), status.getCode());
    }
  }

  /// Ends the call with what was thrown; a call that has ended already can only be logged about.
  private void fail(Throwable fault) {
    if (closed) {
      ACCESS.error("{} failed after its end", meter.method(), fault);
      return;
    }
    var failure = Failure.of(fault);
    close(failure.status(), failure.trailers());
  }

  private void audit(Failure failure) {
    var code = failure.status().getCode();
    if (code != PERMISSION_DENIED && code != UNAUTHENTICATED) {
      return;
    }
    try {
      refusals.refused(scope.caller(), meter.method(), failure.reason(), address());
    } catch (RuntimeException unaudited) {
      // The refusal stands in any case; that it could not be audited is for the operators.
      ACCESS.error("a refusal of {} could not be audited", meter.method(), unaudited);
    }
  }

  private String address() {
    return getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress remote
        ? remote.getAddress().getHostAddress()
        : "local";
  }
}
