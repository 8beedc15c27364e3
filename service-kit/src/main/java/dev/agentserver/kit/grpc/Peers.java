package dev.agentserver.kit.grpc;

import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Channels to other services of the system: spread over all their replicas that are healthy, and
/// carrying on the id and the caller of the call that is being handled.
public final class Peers {
  private static final int MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

  /// What a stream may have sent that nobody has taken here. It is fixed: by itself it grows to
  /// megabytes for each stream, and thousands of streams whose clients are slow would take all
  /// memory.
  private static final int WINDOW_BYTES = 128 * 1024;

  private static final Map<String, ?> SERVICE_CONFIG =
      Map.of(
          "loadBalancingConfig", List.of(Map.of("round_robin", Map.of())),
          "healthCheckConfig", Map.of("serviceName", ""));

  static {
    NameResolverRegistry.getDefaultRegistry().register(new StaticTargets());
  }

  private Peers() {}

  /// Opens a channel; it connects when it is first used and again each second while nobody answers,
  /// so the order in which processes start is free.
  ///
  /// @param target `static:host:port[,host:port]` or `dns:///name:port`
  public static ManagedChannel channel(String target) {
    var channel =
        NettyChannelBuilder.forTarget(target)
            .usePlaintext()
            .defaultServiceConfig(SERVICE_CONFIG)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .flowControlWindow(WINDOW_BYTES)
            .keepAliveTime(60, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            // The last one is first: it still knows the call at hand.
            .intercept(new Apart(), new Propagation())
            .build();
    Reconnection.of(channel);
    return channel;
  }
}
