package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.websocket.WebSocketService;
import dev.agentserver.gateway.call.Upstreams;
import dev.agentserver.gateway.contract.Door;
import dev.agentserver.gateway.contract.Doors;
import dev.agentserver.gateway.detect.Protocol;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.route.RouteTrie.Lookup;
import dev.agentserver.gateway.transcode.route.Routes;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sends each request through the door its client speaks at.
final class Dispatcher implements HttpService {
  private final Function<RequestHeaders, Protocol> detect;
  private static final WebSocketService UPGRADES =
      WebSocketService.of(
          (_, _) -> {
            throw new IllegalStateException("is never called");
          });

  private final Pages pages;
  private final Routes routes;
  private final Upstreams upstreams;
  private final RpcDoor rpc;
  private final JsonDoor rest;
  private final @Nullable SocketDoor sockets;
  private final EnvoyWebDoor web;
  private final Doors doors;
  private final ForwardDoor forward;
  private final RequestThreads threads;
  private final FaultResponses faults;

  /// @param detect tells what a client speaks
  /// @param sockets null where there are none
  Dispatcher(
      Function<RequestHeaders, Protocol> detect,
      Pages pages,
      Routes routes,
      Upstreams upstreams,
      RpcDoor rpc,
      JsonDoor rest,
      @Nullable SocketDoor sockets,
      EnvoyWebDoor web,
      Doors doors,
      ForwardDoor forward,
      RequestThreads threads,
      FaultResponses faults) {
    this.detect = detect;
    this.pages = pages;
    this.routes = routes;
    this.upstreams = upstreams;
    this.rpc = rpc;
    this.rest = rest;
    this.sockets = sockets;
    this.web = web;
    this.doors = doors;
    this.forward = forward;
    this.threads = threads;
    this.faults = faults;
  }

  /// What is for clients of gRPC alone has no route; whoever asks for it by its path is told why.
  private HttpResponse unlessGrpcOnly(
      ServiceRequestContext context, Supplier<HttpResponse> otherwise) {
    var path = Url.of(context).path();
    upstreams
        .find(path.isEmpty() ? path : path.substring(1))
        .filter(endpoint -> endpoint.method().isGrpcOnly())
        .ifPresent(
            endpoint -> {
              throw Fault.grpcOnly(endpoint.method());
            });
    return otherwise.get();
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    if (sockets != null && SocketDoor.isMeant(context, request.headers())) {
      RequestLog.door(context, "websocket");
      return threads.answer(
          context,
          () -> unlessGrpcOnly(context, () -> sockets.open(context, request)),
          fault -> faults.of(fault).toHttpResponse());
    }
    return switch (detect.apply(request.headers())) {
      case Protocol.Rpc(var framing) -> {
        RequestLog.door(context, framing.name());
        yield threads.answer(
            context,
            () -> rpc.open(context, request, framing),
            fault -> RpcDoor.refuse(framing, fault));
      }
      case Protocol.Web spoken -> {
        RequestLog.door(context, "grpc-web");
        yield threads.answer(
            context,
            () -> web.open(context, request, spoken),
            fault -> faults.of(fault).toHttpResponse());
      }
      case Protocol.Rest() ->
          doors
              .find(request.method().name(), Url.of(context).path())
              .map(door -> forward(context, request, door))
              .or(() -> page(context, request))
              .orElseGet(() -> rest(context, request));
    };
  }

  /// The server lets a connection become a WebSocket only where a service of its own kind for them
  /// is found. It is only looked for, never called.
  @Override
  public <T> @Nullable T as(Class<T> type) {
    return type == WebSocketService.class && sockets != null
        ? type.cast(UPGRADES)
        : HttpService.super.as(type);
  }

  private HttpResponse forward(ServiceRequestContext context, HttpRequest request, Door door) {
    RequestLog.door(context, "http");
    return threads.answer(
        context,
        () -> forward.open(context, request, door),
        fault -> faults.of(fault).toHttpResponse());
  }

  private HttpResponse rest(ServiceRequestContext context, HttpRequest request) {
    RequestLog.door(context, "rest");
    return threads.answer(
        context,
        () -> unlessGrpcOnly(context, () -> rest.open(context, request)),
        fault -> rest.refuse(request.headers(), fault));
  }

  /// A route of a contract may take the start page's place.
  private Optional<HttpResponse> page(ServiceRequestContext context, HttpRequest request) {
    var method = request.method();
    if (method != HttpMethod.GET && method != HttpMethod.HEAD) {
      return Optional.empty();
    }
    var path = Url.of(context).path();
    if (path.equals("/") && routes.find("GET", path) instanceof Lookup.Found) {
      return Optional.empty();
    }
    return pages.find(path);
  }
}
