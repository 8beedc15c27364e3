package dev.agentserver.kit.test;

import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.grpc.GrpcServer;
import dev.agentserver.kit.grpc.RefusalSink;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A server without a network, with every interceptor of production. Closing it fails the test when
/// any reply that was not OK lacked an ErrorInfo.
public final class TestServer implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final TestIdentity identity;
  private final Metrics metrics = new Metrics("test");
  private final Health health = new Health();
  private final ReasonCheck reasons = new ReasonCheck();
  private final GrpcServer server;
  private final ManagedChannel channel;

  private TestServer(
      ServerConfig config,
      TestIdentity identity,
      RefusalSink refusals,
      List<? extends BindableService> services) {
    var name = "test-" + UUID.randomUUID();
    this.identity = identity;
    this.server =
        GrpcServer.inProcess(
            name, config, identity.verifier(), refusals, metrics, health, services);
    this.channel = InProcessChannelBuilder.forName(name).intercept(reasons).build();
  }

  public static TestServer start(TestIdentity identity, List<? extends BindableService> services) {
    return start(ServerConfig.local("test"), identity, (_, _, _, _) -> {}, services);
  }

  public static TestServer start(
      ServerConfig config,
      TestIdentity identity,
      RefusalSink refusals,
      List<? extends BindableService> services) {
    return new TestServer(config, identity, refusals, services);
  }

  /// A channel whose calls carry a token of the caller; null for calls that carry none.
  public Channel channel(@Nullable Caller caller) {
    return caller == null ? channel : channelWithToken(identity.token(caller));
  }

  /// A channel whose calls carry this token, whatever it is.
  public Channel channelWithToken(String token) {
    var headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  public Metrics metrics() {
    return metrics;
  }

  public Health health() {
    return health;
  }

  public GrpcServer server() {
    return server;
  }

  @Override
  public void close() {
    try {
      // Before the channel goes: what it breaks off is no reply.
      reasons.verify();
    } finally {
      channel.shutdownNow();
      server.close();
      health.close();
      metrics.close();
    }
  }
}
