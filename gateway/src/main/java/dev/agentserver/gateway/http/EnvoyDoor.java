package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.common.v1.ErrorReason;
import dev.agentserver.gateway.call.Deadlines;
import dev.agentserver.gateway.call.HttpUpstreams;
import dev.agentserver.gateway.call.OpenStreams;
import dev.agentserver.gateway.call.Patience;
import dev.agentserver.gateway.contract.Door;
import dev.agentserver.gateway.exchange.FramedUpload;
import dev.agentserver.gateway.exchange.GrpcRequests;
import dev.agentserver.gateway.exchange.ReplyForm;
import dev.agentserver.gateway.exchange.TranscodedReply;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.filters.RequestIds;
import dev.agentserver.gateway.transcode.binding.EnvoyBinder;
import dev.agentserver.gateway.transcode.binding.EnvoyBinder.Bindings;
import dev.agentserver.gateway.transcode.codec.BodyCodec;
import dev.agentserver.gateway.transcode.codec.EnvoyRefusals;
import dev.agentserver.gateway.transcode.options.Option;
import dev.agentserver.gateway.transcode.options.TranscoderOptions;
import dev.agentserver.gateway.transcode.route.Route;
import dev.agentserver.gateway.transcode.route.RouteTrie.Lookup;
import dev.agentserver.gateway.transcode.route.Routes;
import java.util.Map;
import java.util.Optional;

/// The door for HTTP with JSON in mode envoy: a request is transcoded on its way to the service,
/// the response on its way back. What is not for it goes to the service as it is.
///
/// @param forward takes what is not transcoded
/// @param replyLimit the most bytes of a message of a response
record EnvoyDoor(
    Routes routes,
    HttpUpstreams upstreams,
    ForwardDoor forward,
    Entrance entrance,
    EnvoyBinder binder,
    Bodies bodies,
    BodyCodec codec,
    TranscoderOptions options,
    int replyLimit,
    OpenStreams streams,
    Patience patience,
    FaultResponses faults)
    implements JsonDoor {
  /// The upstream of what is no route.
  private static final String PASSED = HttpUpstreams.OF_THE_REST;

  private static final int NOT_FOUND = 404;
  private static final int TOO_LARGE = 413;

  @Override
  public HttpResponse open(ServiceRequestContext context, HttpRequest request) {
    var headers = request.headers();
    var url = Url.of(context);
    if (!(routes.find(headers.method().name(), url.path())
        instanceof Lookup.Found<Route>(var route, var variables))) {
      return passUnknown(context, request, url.path());
    }
    var parameter = TicketParameter.of(route, url);
    try {
      var bindings = binder.bindings(route, variables, parameter.query());
      RequestLog.rpc(context, route.method());
      var token = entrance.admit(context, route.method(), headers, parameter.ticket());
      return transcode(context, request, route, bindings, token);
    } catch (EnvoyBinder.UnknownField unknown) {
      if (options.is(Option.REJECT_UNKNOWN_QUERY_PARAMETERS)) {
        throw EnvoyRefusals.invalid(String.valueOf(unknown.getMessage()));
      }
      return pass(
          context, request, new Door("/", route.method().isPublic(), route.method().upstream()));
    }
  }

  private HttpResponse transcode(
      ServiceRequestContext context,
      HttpRequest request,
      Route route,
      Bindings bindings,
      Optional<String> token) {
    var headers = request.headers();
    var type = headers.get("content-type");
    var upload =
        route.method().takesMany()
            ? new FramedUpload(
                bodies.anyElements(context, route), binder.messages(route, bindings, type))
            : null;
    var frames =
        upload == null
            ? GrpcRequests.one(binder.message(route, bindings, type, body(context, request)))
            : upload.of(request);
    var up =
        GrpcRequests.of(
            headers,
            context.rawPath(),
            route.method(),
            token,
            context.clientAddress().getHostAddress(),
            RequestIds.of(context),
            frames);
    var patience = Deadlines.of(headers, route.method(), this.patience);
    return TranscodedReply.of(
        context,
        upstreams.send(context, route.method().upstream(), up, patience),
        new ReplyForm(route, codec, options, replyLimit),
        upload,
        streams);
  }

  private HttpResponse passUnknown(
      ServiceRequestContext context, HttpRequest request, String path) {
    if (options.is(Option.REJECT_UNKNOWN_METHOD) || !upstreams.has(PASSED)) {
      throw Fault.of(
              ErrorReason.ERROR_REASON_UNIMPLEMENTED,
              "Could not resolve " + path + " to a method.",
              Map.of())
          .as(NOT_FOUND);
    }
    return pass(context, request, new Door("/", true, PASSED));
  }

  private HttpResponse pass(ServiceRequestContext context, HttpRequest request, Door door) {
    return forward.open(context, request, door, door.upstream());
  }

  private byte[] body(ServiceRequestContext context, HttpRequest request) {
    try {
      return bodies.any(context, request);
    } catch (Fault fault) {
      throw fault.http() != TOO_LARGE
          ? fault
          : Fault.of(
              ErrorReason.ERROR_REASON_TOO_LARGE,
              "Request rejected because the transcoder's internal buffer size exceeds the"
                  + " configured limit.",
              Map.of());
    }
  }

  @Override
  public HttpResponse refuse(RequestHeaders headers, Fault fault) {
    return faults.of(fault).toHttpResponse();
  }
}
