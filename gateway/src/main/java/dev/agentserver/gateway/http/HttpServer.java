package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.Flags;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.ClientAddressSource;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerErrorHandler;
import dev.agentserver.gateway.GatewayConfig;
import dev.agentserver.gateway.call.HttpUpstreams;
import dev.agentserver.gateway.call.OpenStreams;
import dev.agentserver.gateway.guard.ConnectionGuard;
import dev.agentserver.kit.http.EventLoops;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;

/// The listener: HTTP/1.1 and HTTP/2 without TLS, on one port.
public final class HttpServer implements AutoCloseable {
  /// Beyond this the connection is refused without looking; below it a refusal can be explained.
  private static final int HARD_HEADER_BYTES = 64 * 1024;

  private static final int MINUTE_SECONDS = 60;
  private static final Duration QUIET = Duration.ofMillis(100);

  private final Server server;
  private final OpenStreams streams;
  private final int port;

  private HttpServer(Server server, OpenStreams streams) {
    this.server = server;
    this.streams = streams;
    this.port = server.activeLocalPort();
  }

  static HttpServer start(
      GatewayConfig config,
      MeterRegistry meters,
      HttpService service,
      OpenStreams streams,
      ServerErrorHandler faults) {
    var connections = EventLoops.ofServer(Flags.numCommonWorkers(), "gateway");
    var server =
        Server.builder()
            .workerGroup(connections, true)
            .bossGroupFactory(name -> EventLoops.acceptor(name, connections))
            .http(new InetSocketAddress(config.host(), config.port()))
            .service(Route.builder().catchAll().methods(HttpMethod.knownMethods()).build(), service)
            .errorHandler(faults)
            .meterRegistry(meters)
            // Faults are answers; what is more is logged where it is made.
            .unloggedExceptionsReportIntervalMillis(0)
            .requestTimeoutMillis(0)
            .maxRequestLength(0)
            .http1MaxInitialLineLength(HARD_HEADER_BYTES)
            .http1MaxHeaderSize(HARD_HEADER_BYTES)
            .http1MaxChunkSize(HttpUpstreams.MAX_PIECE)
            .http2MaxHeaderListSize(HARD_HEADER_BYTES)
            .http2MaxStreamsPerConnection(config.connections().streams())
            .http2MaxResetFramesPerWindow(config.connections().resetsPerMinute(), MINUTE_SECONDS)
            .maxNumConnections(config.connections().connections())
            .childChannelPipelineCustomizer(
                pipeline ->
                    pipeline.addFirst(new ConnectionGuard(config.connections(), System::nanoTime)))
            .clientAddressSources(ClientAddressSource.ofHeader("x-forwarded-for"))
            .clientAddressTrustedProxyFilter(config.proxies())
            .clientAddressMapper(config.proxies()::client)
            // Of connections without a request: a stream may be silent for longer.
            .idleTimeout(config.idleTimeout())
            .gracefulShutdownTimeout(QUIET, config.drainTimeout())
            .disableServerHeader()
            .build();
    server.start().join();
    return new HttpServer(server, streams);
  }

  public int port() {
    return port;
  }

  /// Takes no new connections, ends the streams, waits for what else runs as long as the
  /// configuration allows, and cuts the rest.
  @Override
  public void close() {
    var stopped = server.stop();
    streams.stop();
    stopped.join();
  }
}
