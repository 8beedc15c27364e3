package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.gateway.call.Deadlines;
import dev.agentserver.gateway.call.HttpUpstreams;
import dev.agentserver.gateway.call.Patience;
import dev.agentserver.gateway.call.Upstreams;
import dev.agentserver.gateway.call.WebFraming;
import dev.agentserver.gateway.detect.Protocol;
import dev.agentserver.gateway.exchange.GrpcRequests;
import dev.agentserver.gateway.exchange.WebReply;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.filters.RequestIds;
import dev.agentserver.gateway.transcode.codec.EnvoyRefusals;
import java.util.Optional;

/// The door for gRPC-Web in mode envoy: a request becomes one of gRPC on its way, and the response
/// one of gRPC-Web.
///
/// @param limit the most bytes of a message of a response
record EnvoyWebDoor(
    Upstreams methods,
    HttpUpstreams upstreams,
    Entrance entrance,
    Bodies bodies,
    Patience patience,
    int limit) {

  HttpResponse open(ServiceRequestContext context, HttpRequest request, Protocol.Web web) {
    var headers = request.headers();
    var method =
        methods
            .find(headers.path().substring(1))
            .orElseThrow(() -> Fault.unknown("the method " + headers.path()))
            .method();
    RequestLog.rpc(context, method);
    if (method.isGrpcOnly()) {
      throw Fault.grpcOnly(method);
    }
    var token = entrance.admit(context, method, headers, Optional.empty());
    var body = bodies.any(context, request);
    var up =
        GrpcRequests.web(
            headers,
            token,
            context.clientAddress().getHostAddress(),
            RequestIds.of(context),
            web.textIn() ? decoded(body) : body);
    return WebReply.of(
        upstreams.send(context, method.upstream(), up, Deadlines.of(headers, method, patience)),
        web.textOut(),
        limit);
  }

  private static byte[] decoded(byte[] base64) {
    try {
      var decoder = new WebFraming(true, true).decoder();
      var frames = decoder.decode(base64);
      decoder.finish();
      return frames;
    } catch (Fault notBase64) {
      throw EnvoyRefusals.invalid("Bad gRPC-web request, invalid base64 data.");
    }
  }
}
