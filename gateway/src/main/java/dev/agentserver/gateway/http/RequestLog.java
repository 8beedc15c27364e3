package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.gateway.contract.Method;
import dev.agentserver.gateway.filters.RequestIds;
import dev.agentserver.kit.observe.Logging;
import dev.agentserver.kit.observe.Metrics;
import io.micrometer.core.instrument.Timer;
import io.netty.util.AttributeKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One log line and one measurement for each request: door, method, status, time. The query is left
/// out of the line, it may hold what no log should.
final class RequestLog implements DecoratingHttpServiceFunction {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
  private static final AttributeKey<String> DOOR = AttributeKey.valueOf(RequestLog.class, "DOOR");
  private static final AttributeKey<String> RPC = AttributeKey.valueOf(RequestLog.class, "RPC");
  private static final String NONE = "none";

  private final Metrics metrics;
  private final Map<String, Timer> timers = new ConcurrentHashMap<>();

  RequestLog(Metrics metrics) {
    this.metrics = metrics;
  }

  static void door(ServiceRequestContext context, String door) {
    context.setAttr(DOOR, door);
  }

  static void rpc(ServiceRequestContext context, Method method) {
    context.setAttr(RPC, method.fullName());
  }

  @Override
  public HttpResponse serve(
      HttpService delegate, ServiceRequestContext context, HttpRequest request) throws Exception {
    context
        .log()
        .whenComplete()
        .thenAccept(
            log -> {
              var status =
                  log.isAvailable(RequestLogProperty.RESPONSE_HEADERS)
                      ? log.responseHeaders().status().codeAsText()
                      : NONE;
              write(context, request, status, log.totalDurationNanos());
            });
    return delegate.serve(context, request);
  }

  private void write(
      ServiceRequestContext context, HttpRequest request, String status, long nanos) {
    var door = context.hasAttr(DOOR) ? context.attr(DOOR) : "page";
    var rpc = context.hasAttr(RPC) ? context.attr(RPC) : NONE;
    timer(door, rpc, status).record(nanos, TimeUnit.NANOSECONDS);
    LOG.atDebug()
        .addKeyValue(Logging.REQUEST_ID, RequestIds.of(context))
        .log(
            "{} {} {} {} {} in {} ms",
            door,
            request.method(),
            Url.of(context).path(),
            rpc,
            status,
            TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  private Timer timer(String door, String rpc, String status) {
    return timers.computeIfAbsent(
        door + " " + rpc + " " + status,
        _ ->
            metrics.timer(
                "gateway.requests",
                "Time from a request to the end of its response",
                "door",
                door,
                "rpc",
                rpc,
                "status",
                status));
  }
}
