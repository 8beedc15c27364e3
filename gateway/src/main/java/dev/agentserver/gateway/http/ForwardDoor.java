package dev.agentserver.gateway.http;

import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.common.v1.ErrorReason;
import dev.agentserver.gateway.call.DoorHeaders;
import dev.agentserver.gateway.call.HttpUpstreams;
import dev.agentserver.gateway.call.Stall;
import dev.agentserver.gateway.contract.Door;
import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.filters.RequestIds;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/// The door for protocols that are not made of RPCs: a request is authenticated and goes on to the
/// service as it is, streamed both ways.
final class ForwardDoor {
  private static final Set<HttpMethod> METHODS =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS);

  private static final int REQUEST_TIMEOUT = 408;
  private static final int GATEWAY_TIMEOUT = 504;

  private final HttpUpstreams upstreams;
  private final Entrance entrance;
  private final FaultResponses faults;
  private final Answers answers;
  private final Duration stall;

  /// @param stall how long an exchange may carry nothing
  ForwardDoor(
      HttpUpstreams upstreams,
      Entrance entrance,
      FaultResponses faults,
      Answers answers,
      Duration stall) {
    this.upstreams = upstreams;
    this.entrance = entrance;
    this.faults = faults;
    this.answers = answers;
    this.stall = stall;
  }

  HttpResponse open(ServiceRequestContext context, HttpRequest request, Door door) {
    return open(context, request, door, HttpUpstreams.ofDoor(door.upstream()));
  }

  /// @param upstream the name of the listener that it goes to
  HttpResponse open(
      ServiceRequestContext context, HttpRequest request, Door door, String upstream) {
    var headers = request.headers();
    var url = Url.of(context);
    requirePlain(url.path());
    if (!METHODS.contains(headers.method())) {
      throw Fault.unknown("the method " + headers.method() + " behind " + door.prefix()).as(405);
    }
    var reads = headers.method() == HttpMethod.GET || headers.method() == HttpMethod.HEAD;
    var parameter = reads ? TicketParameter.of(url) : TicketParameter.none(url);
    var token = entrance.admit(context, door, headers, parameter.ticket());
    var target = parameter.query().isEmpty() ? url.path() : url.path() + "?" + parameter.query();
    var up =
        DoorHeaders.up(
            headers,
            target,
            token,
            context.clientAddress().getHostAddress(),
            RequestIds.of(context));
    var watch = new Stall(stall);
    var answer = upstreams.send(context, upstream, watch.watched(request.withHeaders(up)));
    return watch
        .watched(answer, context.eventLoop())
        .mapHeaders(DoorHeaders::down)
        .mapTrailers(DoorHeaders::trailers)
        .recover(failure -> faults.of(fault(door, failure)).toHttpResponse());
  }

  /// The service may read a path otherwise than the gateway does: one that climbs could leave the
  /// door's prefix there.
  private static void requirePlain(String path) {
    var climbs =
        Arrays.stream(path.replaceAll("(?i)%2e", ".").split("/|\\\\|(?i)%2f|%5c"))
            .anyMatch(segment -> segment.equals(".") || segment.equals(".."));
    if (climbs) {
      throw Fault.invalid("path", "has a segment that is . or ..");
    }
  }

  private Fault fault(Door door, Throwable failure) {
    return switch (failure) {
      case Stall.Stalled stalled ->
          Fault.of(ErrorReason.ERROR_REASON_DEADLINE_EXCEEDED, stalled.getMessage(), Map.of())
              .as(stalled.isInRequest() ? REQUEST_TIMEOUT : GATEWAY_TIMEOUT);
      case UnprocessedRequestException _, ClosedSessionException _, ClosedStreamException _ ->
          Fault.unavailable(door.upstream());
      default -> answers.internal("a request behind " + door.prefix() + " failed", failure);
    };
  }
}
