package dev.agentserver.settings.flag.ofrep;

import com.linecorp.armeria.common.Flags;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.Server;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.grpc.RefusalSink;
import dev.agentserver.kit.http.EventLoops;
import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.identity.Ticket;
import dev.agentserver.kit.identity.TicketVerifier;
import dev.agentserver.kit.identity.TokenVerifier;
import dev.agentserver.settings.flag.serve.ServedFlags;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP listener of the service: HTTP/1.1 and HTTP/2 without TLS. It serves what the contracts
/// call its HTTP door.
public final class OfrepServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OfrepServer.class);
  private static final int MAX_BODY = 1024 * 1024;
  private static final int MAX_HEADERS = 32 * 1024;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration IDLE = Duration.ofMinutes(5);
  private static final Duration QUIET = Duration.ofMillis(100);

  private final Server server;
  private final OfrepEvents events;
  private final ExecutorService threads;

  private OfrepServer(Server server, OfrepEvents events, ExecutorService threads) {
    this.server = server;
    this.events = events;
    this.threads = threads;
  }

  /// @param port 0 takes a free one
  /// @param ticketIssuer signs what a stream's URL may carry
  public static OfrepServer start(
      ServerConfig config,
      int port,
      ServedFlags flags,
      TokenVerifier verifier,
      TicketVerifier tickets,
      BiFunction<Caller, String, Ticket> ticketIssuer,
      RefusalSink refusals,
      MeterRegistry meters) {
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    var events = new OfrepEvents(flags, ticketIssuer, config.maxOpenStreams());
    var door = new OfrepDoor(flags, new Entrance(verifier, tickets), events, refusals, threads);
    var drain = config.drainTimeout();
    var quiet = drain.compareTo(QUIET) < 0 ? drain : QUIET;
    var connections = EventLoops.ofServer(Flags.numCommonWorkers(), "ofrep");
    var server =
        Server.builder()
            .workerGroup(connections, true)
            .bossGroupFactory(name -> EventLoops.acceptor(name, connections))
            .http(new InetSocketAddress(config.host(), port))
            .service(Route.builder().catchAll().methods(HttpMethod.knownMethods()).build(), door)
            .meterRegistry(meters)
            .unloggedExceptionsReportIntervalMillis(0)
            .requestTimeout(TIMEOUT)
            .maxRequestLength(MAX_BODY)
            .http1MaxInitialLineLength(MAX_HEADERS)
            .http1MaxHeaderSize(MAX_HEADERS)
            .http2MaxHeaderListSize(MAX_HEADERS)
            .idleTimeout(IDLE)
            .gracefulShutdownTimeout(quiet, drain)
            .disableServerHeader()
            .build();
    server.start().join();
    LOG.info("{} serves OFREP on port {}", config.name(), server.activeLocalPort());
    return new OfrepServer(server, events, threads);
  }

  public int port() {
    return server.activeLocalPort();
  }

  /// Takes no new connections, ends the streams, lets what else runs finish.
  @Override
  public void close() {
    var stopped = server.stop();
    events.close();
    stopped.join();
    threads.shutdownNow();
  }
}
