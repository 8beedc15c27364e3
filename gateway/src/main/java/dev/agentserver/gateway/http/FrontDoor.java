package dev.agentserver.gateway.http;

import dev.agentserver.gateway.GatewayConfig;
import dev.agentserver.gateway.auth.Authenticator;
import dev.agentserver.gateway.call.HttpUpstreams;
import dev.agentserver.gateway.call.OpenStreams;
import dev.agentserver.gateway.call.Patience;
import dev.agentserver.gateway.call.StreamTiming;
import dev.agentserver.gateway.call.Upstreams;
import dev.agentserver.gateway.contract.Contracts;
import dev.agentserver.gateway.contract.Doors;
import dev.agentserver.gateway.detect.Protocol;
import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.fault.FaultPrinter;
import dev.agentserver.gateway.filters.Cors;
import dev.agentserver.gateway.filters.HeaderLimit;
import dev.agentserver.gateway.filters.RequestIds;
import dev.agentserver.gateway.limit.Limits;
import dev.agentserver.gateway.limit.RateLimiter;
import dev.agentserver.gateway.limit.StreamLimiter;
import dev.agentserver.gateway.transcode.binding.Binder;
import dev.agentserver.gateway.transcode.binding.EnvoyBinder;
import dev.agentserver.gateway.transcode.codec.BodyCodec;
import dev.agentserver.gateway.transcode.options.Option;
import dev.agentserver.gateway.transcode.response.Locations;
import dev.agentserver.gateway.transcode.response.ReplyPrinter;
import dev.agentserver.gateway.transcode.route.Routes;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// Puts the doors behind the filters, and the server in front.
///
/// @param limits how much each caller may do, asked at every call
/// @param threads runs the handling of requests
/// @param ids makes request ids
public record FrontDoor(
    GatewayConfig config,
    Supplier<Limits> limits,
    Contracts contracts,
    Routes routes,
    Upstreams upstreams,
    Doors doors,
    HttpUpstreams httpUpstreams,
    Authenticator authenticator,
    BodyCodec codec,
    Answers answers,
    OpenStreams streams,
    Health health,
    Metrics metrics,
    Executor threads,
    Supplier<String> ids) {

  /// Starts to listen.
  public HttpServer open() {
    refuseReservedRoutes();
    var faults = faults();
    var entrance = entrance();
    var dispatcher =
        new Dispatcher(
            config.transcoder().isEnvoy() ? Protocol::asEnvoy : Protocol::of,
            new Pages(health, contracts),
            routes,
            upstreams,
            rpcDoor(entrance),
            jsonDoor(entrance, faults),
            config.transcoder().isEnvoy() ? null : socketDoor(entrance, faults),
            webDoor(entrance),
            doors,
            new ForwardDoor(httpUpstreams, entrance, faults, answers, config.stall()),
            new RequestThreads(threads, answers),
            faults);
    var service =
        dispatcher
            .decorate(new HeaderLimit(config.maxHeaderBytes()))
            .decorate(new Cors(config.origins()))
            .decorate(new RequestIds(ids))
            .decorate(new RequestLog(metrics));
    return HttpServer.start(
        config,
        metrics.registry(),
        service,
        streams,
        new ServerFaults(faults, answers, config.maxBodyBytes(), config.maxHeaderBytes()));
  }

  private Entrance entrance() {
    return new Entrance(
        authenticator,
        new RateLimiter(limits, System::nanoTime, config.countedClients()),
        new StreamLimiter(limits),
        patience(),
        config.bodyTimeout().plus(config.replyTimeout()),
        metrics);
  }

  private RpcDoor rpcDoor(Entrance entrance) {
    return new RpcDoor(
        upstreams, entrance, new Outgoing(), answers, streams, config.maxBodyBytes(), patience());
  }

  private FaultResponses faults() {
    return switch (config.transcoder().mode()) {
      case SAFE -> FaultResponses.json(new FaultPrinter(contracts.types()));
      case ENVOY -> FaultResponses.text();
    };
  }

  private JsonDoor jsonDoor(Entrance entrance, FaultResponses faults) {
    return switch (config.transcoder().mode()) {
      case SAFE -> restDoor(entrance, faults);
      case ENVOY -> envoyDoor(entrance, faults);
    };
  }

  private EnvoyDoor envoyDoor(Entrance entrance, FaultResponses faults) {
    var options = config.transcoder();
    var limit = options.bytes(Option.MAX_REQUEST_BODY_SIZE, config.maxBodyBytes());
    return new EnvoyDoor(
        routes,
        httpUpstreams,
        new ForwardDoor(httpUpstreams, entrance, faults, answers, config.stall()),
        entrance,
        new EnvoyBinder(codec, options),
        new Bodies(limit, config.bodyTimeout(), config.stall()),
        codec,
        options,
        options.bytes(Option.MAX_RESPONSE_BODY_SIZE, config.maxBodyBytes()),
        streams,
        patience(),
        faults);
  }

  private EnvoyWebDoor webDoor(Entrance entrance) {
    return new EnvoyWebDoor(
        upstreams,
        httpUpstreams,
        entrance,
        new Bodies(config.maxBodyBytes(), config.bodyTimeout(), config.stall()),
        patience(),
        config.maxBodyBytes());
  }

  private RestDoor restDoor(Entrance entrance, FaultResponses faults) {
    return new RestDoor(
        routes,
        upstreams,
        entrance,
        new Binder(codec, config.transcoder()),
        new ReplyPrinter(codec, new Locations(routes)),
        new Bodies(
            config.transcoder().bytes(Option.MAX_REQUEST_BODY_SIZE, config.maxBodyBytes()),
            config.bodyTimeout(),
            config.stall()),
        restStreams(faults),
        new Outgoing(),
        answers,
        config.maxBodyBytes(),
        patience(),
        faults);
  }

  private SocketDoor socketDoor(Entrance entrance, FaultResponses faults) {
    return new SocketDoor(
        routes,
        entrance,
        new Binder(codec, config.transcoder()),
        restStreams(faults),
        new Outgoing(),
        config.origins(),
        config.maxBodyBytes());
  }

  private RestStreams restStreams(FaultResponses faults) {
    return new RestStreams(
        upstreams, codec, faults, answers, timing(), patience(), streams, threads);
  }

  private StreamTiming timing() {
    return new StreamTiming(config.openAfter(), config.heartbeat());
  }

  private Patience patience() {
    return new Patience(config.defaultDeadline(), config.maxDeadline());
  }

  private void refuseReservedRoutes() {
    for (var route : routes.all()) {
      if (Pages.RESERVED.contains(route.template().text())) {
        throw new IllegalArgumentException(
            "the route %s of %s is one that the gateway answers itself"
                .formatted(route.template(), route));
      }
      if (doors.find(route.httpMethod(), route.template().text()).isPresent()) {
        throw new IllegalArgumentException(
            "the route %s of %s lies behind an HTTP door".formatted(route.template(), route));
      }
    }
  }
}
