package dev.agentserver.gateway;

import dev.agentserver.gateway.auth.AccessExchange;
import dev.agentserver.gateway.auth.Authenticator;
import dev.agentserver.gateway.auth.TokenCache;
import dev.agentserver.gateway.call.Upstreams;
import dev.agentserver.gateway.contract.Contracts;
import dev.agentserver.gateway.contract.Methods;
import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.health.UpstreamCheck;
import dev.agentserver.gateway.http.FrontDoor;
import dev.agentserver.gateway.http.HttpServer;
import dev.agentserver.gateway.transcode.codec.JsonFormatCodec;
import dev.agentserver.gateway.transcode.route.Routes;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.observe.AdminHttp;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import io.grpc.ManagedChannel;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Every object of the gateway, in the order they need each other.
final class Wiring implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Health health = new Health();
  private final Metrics metrics = new Metrics("gateway");
  private final Upstreams upstreams;
  private final ManagedChannel access;
  private final HttpServer server;
  private final AdminHttp admin;

  Wiring(GatewayConfig config) {
    var contracts = Contracts.load(config.descriptorSet());
    var methods = new Methods(contracts, config.upstreams().keySet());
    var routes = new Routes(methods);
    var answers = new Answers(Wiring::id);
    upstreams = new Upstreams(config.upstreams(), methods, Peers::channel);
    access = Peers.channel(config.accessTarget());
    var exchange = new AccessExchange(access, config.accessTimeout(), answers);
    var tokens = new TokenCache(exchange, config.tokenCacheSize(), Clock.systemUTC(), threads);
    upstreams
        .channels()
        .forEach((name, channel) -> health.register(name, new UpstreamCheck(channel)));
    server =
        new FrontDoor(
                config,
                contracts,
                routes,
                upstreams,
                new Authenticator(tokens),
                new JsonFormatCodec(contracts.types()),
                answers,
                health,
                metrics,
                threads,
                Wiring::id)
            .open();
    admin = AdminHttp.start(config.host(), config.adminPort(), metrics, health);
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  int port() {
    return server.port();
  }

  int adminPort() {
    return admin.port();
  }

  /// Says that it is not ready any more, lets requests finish, then lets go of the services.
  @Override
  public void close() {
    health.drain();
    server.close();
    admin.close();
    health.close();
    access.shutdownNow();
    upstreams.close();
    threads.close();
    metrics.close();
  }
}
