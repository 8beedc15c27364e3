package dev.agentserver.kit.http;

import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.common.util.ThreadFactories;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Threads that connections live on. Whoever closes what they carry has ended its work before, so
/// they end at once and not after the quiet of two seconds that is the default.
public final class EventLoops {
  private static final Duration END = Duration.ofSeconds(5);

  private EventLoops() {}

  /// Those of a server's connections, which it ends itself.
  public static EventLoopGroup ofServer(int threads, String name) {
    return EventLoopGroups.builder()
        .numThreads(threads)
        .threadFactory(ThreadFactories.newEventLoopThreadFactory(name, false))
        .gracefulShutdown(Duration.ZERO, END)
        .build();
  }

  /// The one that accepts connections. The server ends it after those of the connections, with the
  /// default quiet whatever it is told; here it is ended first.
  public static EventLoopGroup acceptor(String name, EventLoopGroup connections) {
    var acceptor = EventLoopGroups.newEventLoopGroup(1, name);
    connections
        .terminationFuture()
        .addListener(_ -> acceptor.shutdownGracefully(0, END.toMillis(), TimeUnit.MILLISECONDS));
    return acceptor;
  }
}
