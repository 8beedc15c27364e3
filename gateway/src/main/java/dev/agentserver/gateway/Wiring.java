package dev.agentserver.gateway;

import dev.agentserver.gateway.auth.AccessExchange;
import dev.agentserver.gateway.auth.Authenticator;
import dev.agentserver.gateway.auth.TokenCache;
import dev.agentserver.gateway.auth.Tokens;
import dev.agentserver.gateway.call.HttpUpstreams;
import dev.agentserver.gateway.call.OpenStreams;
import dev.agentserver.gateway.call.Upstreams;
import dev.agentserver.gateway.contract.Contracts;
import dev.agentserver.gateway.contract.Doors;
import dev.agentserver.gateway.contract.Methods;
import dev.agentserver.gateway.fault.Answers;
import dev.agentserver.gateway.health.UpstreamCheck;
import dev.agentserver.gateway.http.FrontDoor;
import dev.agentserver.gateway.transcode.codec.BodyCodec;
import dev.agentserver.gateway.transcode.route.Routes;
import dev.agentserver.kit.grpc.AccessPeer;
import dev.agentserver.kit.grpc.Peers;
import dev.agentserver.kit.grpc.RevocationFeed;
import dev.agentserver.kit.grpc.ServiceToken;
import dev.agentserver.kit.grpc.SettingFeed;
import dev.agentserver.kit.identity.ExchangedTokens;
import dev.agentserver.kit.identity.JwtVerifier;
import dev.agentserver.kit.identity.Revocations;
import dev.agentserver.kit.observe.AdminHttp;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Every object of the gateway, in the order they need each other.
final class Wiring implements AutoCloseable {
  private static final String NAME = "gateway";

  /// What has been opened, the last first.
  private final Deque<Runnable> opened = new ArrayDeque<>();

  private final int port;
  private final int adminPort;

  /// Opens all, or nothing: where one part cannot start, those before it are closed again.
  Wiring(GatewayConfig config) {
    try {
      var ports = open(config);
      port = ports.port();
      adminPort = ports.adminPort();
    } catch (RuntimeException failed) {
      close();
      throw failed;
    }
  }

  private record Ports(int port, int adminPort) {}

  private Ports open(GatewayConfig config) {
    var contracts = Contracts.load(config.descriptorSet());
    var methods = new Methods(contracts, config.upstreams().keySet());
    var routes = new Routes(methods, config.transcoder());
    var answers = new Answers(Wiring::id);
    var metrics = new Metrics(NAME);
    opened.addFirst(metrics::close);
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    opened.addFirst(threads::shutdownNow);
    var upstreams = new Upstreams(config.upstreams(), methods, Peers::channel);
    opened.addFirst(upstreams::close);
    var doors = new Doors(contracts, config.httpUpstreams().keySet());
    var httpUpstreams = new HttpUpstreams(config.targetsOfHttp());
    var authenticator = authenticator(config, answers, threads);
    var streams = new OpenStreams();
    metrics.gauge("gateway.streams", "Streams that are open to clients.", streams::count);
    var health = new Health();
    health.starting();
    opened.addFirst(health::close);
    upstreams
        .channels()
        .forEach((name, channel) -> health.register(name, new UpstreamCheck(channel)));
    var admin = AdminHttp.start(config.host(), config.adminPort(), metrics, health);
    opened.addFirst(admin::close);
    var server =
        new FrontDoor(
                config,
                config.limits(),
                contracts,
                routes,
                upstreams,
                doors,
                httpUpstreams,
                authenticator,
                new BodyCodec(contracts.types(), config.transcoder()),
                answers,
                streams,
                health,
                metrics,
                threads,
                Wiring::id)
            .open();
    opened.addFirst(server::close);
    opened.addFirst(health::drain);
    health.started();
    return new Ports(server.port(), admin.port());
  }

  private Authenticator authenticator(
      GatewayConfig config, Answers answers, ExecutorService threads) {
    var clock = Clock.systemUTC();
    var channel = Peers.channel(config.accessTarget());
    opened.addFirst(channel::shutdownNow);
    var revocations = new Revocations();
    var peer = new AccessPeer(config.access());
    opened.addFirst(peer::close);
    ServiceToken.of(peer, config.access().credential(), clock)
        .ifPresent(
            token -> {
              opened.addFirst(RevocationFeed.start(peer, token, revocations, clock)::close);
              var settings = SettingFeed.start(peer.asService(token), NAME, config.live());
              opened.addFirst(settings::close);
            });
    var access = config.access();
    var verifier = new JwtVerifier(peer, clock, access.keysTtl(), access.keysOutage(), revocations);
    opened.addFirst(verifier::close);
    var exchange =
        new TokenCache(
            new AccessExchange(channel, config.accessTimeout(), answers),
            new ExchangedTokens(config.tokenCacheSize(), clock, revocations, threads));
    return new Authenticator(exchange, new Tokens(verifier));
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  int port() {
    return port;
  }

  int adminPort() {
    return adminPort;
  }

  /// Says that it is not ready any more, lets requests finish, then lets go of the services.
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      opened.removeFirst().run();
    }
  }
}
