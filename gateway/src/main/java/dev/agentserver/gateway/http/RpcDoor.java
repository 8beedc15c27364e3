package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.gateway.call.Deadlines;
import dev.agentserver.gateway.call.Framing;
import dev.agentserver.gateway.call.GrpcFraming;
import dev.agentserver.gateway.call.OpenStreams;
import dev.agentserver.gateway.call.Patience;
import dev.agentserver.gateway.call.Relay;
import dev.agentserver.gateway.call.StatusHeaders;
import dev.agentserver.gateway.call.Upstreams;
import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.fault.Fault;
import java.util.Optional;

/// The door for gRPC and gRPC-Web: messages pass through as they are.
final class RpcDoor {
  private final Upstreams upstreams;
  private final Entrance entrance;
  private final Outgoing outgoing;
  private final Answers answers;
  private final OpenStreams streams;
  private final int maxMessageBytes;
  private final Patience patience;

  RpcDoor(
      Upstreams upstreams,
      Entrance entrance,
      Outgoing outgoing,
      Answers answers,
      OpenStreams streams,
      int maxMessageBytes,
      Patience patience) {
    this.upstreams = upstreams;
    this.entrance = entrance;
    this.outgoing = outgoing;
    this.answers = answers;
    this.streams = streams;
    this.maxMessageBytes = maxMessageBytes;
    this.patience = patience;
  }

  HttpResponse open(ServiceRequestContext context, HttpRequest request, Framing framing) {
    // The whole request of a stream has no limit, each of its messages has.
    context.setMaxRequestLength(0);
    var headers = request.headers();
    if (request.method() != HttpMethod.POST) {
      throw Fault.unknown("the method " + headers.path() + " with " + request.method());
    }
    var endpoint =
        upstreams
            .find(headers.path().substring(1))
            .orElseThrow(() -> Fault.unknown("the method " + headers.path()));
    RequestLog.rpc(context, endpoint.method());
    if (endpoint.method().isGrpcOnly() && !(framing instanceof GrpcFraming)) {
      throw Fault.grpcOnly(endpoint.method());
    }
    var token = entrance.admit(context, endpoint.method(), headers, Optional.empty());
    var options = Deadlines.options(headers, endpoint.method(), patience);
    var metadata = outgoing.metadata(context, headers, token);
    return Relay.start(
        context, request, endpoint, options, metadata, framing, maxMessageBytes, answers, streams);
  }

  static HttpResponse refuse(Framing framing, Fault fault) {
    return HttpResponse.of(framing.only(StatusHeaders.of(fault)));
  }
}
