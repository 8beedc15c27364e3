package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.gateway.call.Deadlines;
import dev.agentserver.gateway.call.HeaderMetadata;
import dev.agentserver.gateway.call.OneMessage;
import dev.agentserver.gateway.call.Patience;
import dev.agentserver.gateway.call.Sending;
import dev.agentserver.gateway.call.UnaryCall;
import dev.agentserver.gateway.call.Upstreams;
import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.fault.Details;
import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.binding.Binder;
import dev.agentserver.gateway.transcode.binding.RestRequest;
import dev.agentserver.gateway.transcode.response.Reply;
import dev.agentserver.gateway.transcode.response.ReplyPrinter;
import dev.agentserver.gateway.transcode.route.Route;
import dev.agentserver.gateway.transcode.route.RouteTrie.Lookup;
import dev.agentserver.gateway.transcode.route.Routes;
import io.grpc.Metadata;

/// The door for REST: a route, the messages of a request, a call, a response.
final class RestDoor implements JsonDoor {
  private static final String STALE = "STALE_VERSION";
  private static final int PRECONDITION_FAILED = 412;
  private static final byte[] NOTHING = new byte[0];

  private final Routes routes;
  private final Upstreams upstreams;
  private final Entrance entrance;
  private final Binder binder;
  private final ReplyPrinter printer;
  private final Bodies bodies;
  private final RestStreams streams;
  private final Outgoing outgoing;
  private final Answers answers;
  private final int maxMessageBytes;
  private final Patience patience;
  private final FaultResponses faults;

  RestDoor(
      Routes routes,
      Upstreams upstreams,
      Entrance entrance,
      Binder binder,
      ReplyPrinter printer,
      Bodies bodies,
      RestStreams streams,
      Outgoing outgoing,
      Answers answers,
      int maxMessageBytes,
      Patience patience,
      FaultResponses faults) {
    this.routes = routes;
    this.upstreams = upstreams;
    this.entrance = entrance;
    this.binder = binder;
    this.printer = printer;
    this.bodies = bodies;
    this.streams = streams;
    this.outgoing = outgoing;
    this.answers = answers;
    this.maxMessageBytes = maxMessageBytes;
    this.patience = patience;
    this.faults = faults;
  }

  @Override
  public HttpResponse open(ServiceRequestContext context, HttpRequest request) {
    var headers = request.headers();
    var url = Url.of(context);
    var found = find(headers, url);
    var route = found.target();
    RequestLog.rpc(context, route.method());
    var parameter = TicketParameter.of(route, url);
    var token = entrance.admit(context, route.method(), headers, parameter.ticket());
    var takesMany = route.method().takesMany();
    var rest =
        new RestRequest(
            found.variables(),
            parameter.query(),
            headers.get("if-match"),
            headers.get("idempotency-key"),
            headers.get("last-event-id"),
            headers.get("content-type"),
            takesMany ? NOTHING : bodies.read(context, request, route));
    var sending =
        takesMany
            ? bodies.upload(context, request, route, binder.stream(route, rest))
            : one(route, rest);
    var metadata = outgoing.metadata(context, headers, token);
    if (route.method().answersMany()) {
      return streams.start(context, headers, route, metadata, sending);
    }
    var reply =
        new UnaryCall(upstreams.of(route.method()), answers)
            .send(
                Deadlines.options(headers, route.method(), patience),
                metadata,
                sending,
                context.whenRequestCancelled());
    return response(route, url, reply);
  }

  private Sending one(Route route, RestRequest request) {
    var message = binder.bind(route, request);
    if (message.length > maxMessageBytes) {
      throw Fault.tooLarge("the request message", maxMessageBytes);
    }
    return new OneMessage(message);
  }

  private Lookup.Found<Route> find(RequestHeaders headers, Url url) {
    var method = headers.method().name();
    var lookup = routes.find(method, url.path());
    if (headers.method() == HttpMethod.HEAD
        && routes.find("GET", url.path()) instanceof Lookup.Found<Route> get
        && get.target().method().isUnary()) {
      lookup = get;
    }
    return switch (lookup) {
      case Lookup.Found<Route> found -> found;
      case Lookup.Nothing<Route>() -> throw Fault.unknown("the route " + url.path());
      case Lookup.WrongMethod<Route>(var allowed) ->
          throw Fault.unknown("the method " + method + " on the route " + url.path())
              .as(405)
              .with("allow", String.join(", ", allowed));
    };
  }

  private HttpResponse response(Route route, Url url, UnaryCall.Reply reply) {
    var printed = printer.print(route, url.path(), url.query(), reply.message());
    return HttpResponse.of(headers(printed, reply.headers()), HttpData.wrap(printed.body()));
  }

  private static ResponseHeaders headers(Reply printed, Metadata metadata) {
    var headers = ResponseHeaders.builder(printed.status());
    HeaderMetadata.copy(metadata, headers);
    printed.headers().forEach(headers::set);
    if (!headers.contains("cache-control")) {
      // Replies are for one caller at one time; a browser would otherwise keep them as it sees fit.
      headers.add("cache-control", "no-store");
    }
    return headers.build();
  }

  @Override
  public HttpResponse refuse(RequestHeaders headers, Fault fault) {
    return faults.of(adapt(headers, fault)).toHttpResponse();
  }

  /// A stale etag that came in If-Match is a precondition that failed.
  static Fault adapt(RequestHeaders headers, Fault fault) {
    var stale = Details.reason(fault.status()).equals(STALE);
    return stale && headers.contains("if-match") ? fault.as(PRECONDITION_FAILED) : fault;
  }
}
