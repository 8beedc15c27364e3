package dev.agentserver.kit.grpc;

import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.observe.Health;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.test.ReasonCheck;
import dev.agentserver.kit.test.TestIdentity;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.util.List;

/// A server behind a real socket, for what a transport in the same process cannot show.
record NetworkServer(
    TestIdentity identity,
    Metrics metrics,
    Health health,
    GrpcServer server,
    ManagedChannel open,
    ReasonCheck reasons)
    implements AutoCloseable {
  static NetworkServer start(TestIdentity identity, BindableService... services) {
    return start(ServerConfig.local("test"), identity, services);
  }

  static NetworkServer start(
      ServerConfig config, TestIdentity identity, BindableService... services) {
    var metrics = new Metrics("test");
    var health = new Health();
    var server =
        GrpcServer.start(
            config, identity.verifier(), (_, _, _, _) -> {}, metrics, health, List.of(services));
    var reasons = new ReasonCheck();
    var channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.port())
            .usePlaintext()
            .maxInboundMessageSize(64 * 1024 * 1024)
            .intercept(reasons)
            .build();
    return new NetworkServer(identity, metrics, health, server, channel, reasons);
  }

  Channel channel(Caller caller) {
    var headers = new Metadata();
    headers.put(Callers.AUTHORIZATION, "Bearer " + identity.token(caller));
    return ClientInterceptors.intercept(open, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  @Override
  public void close() {
    try {
      reasons.verify();
    } finally {
      open.shutdownNow();
      server.close();
      health.close();
      metrics.close();
    }
  }
}
