package dev.agentserver.file.http;

import com.linecorp.armeria.common.Flags;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.Server;
import dev.agentserver.file.library.Files;
import dev.agentserver.file.upload.ResumableUploads;
import dev.agentserver.file.upload.Uploads;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.grpc.RefusalSink;
import dev.agentserver.kit.http.EventLoops;
import dev.agentserver.kit.identity.TokenVerifier;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP listener of the service: HTTP/1.1 and HTTP/2 without TLS. It serves what the contract
/// calls its HTTP door.
public final class FileServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileServer.class);
  private static final int MAX_HEADERS = 32 * 1024;

  /// Every piece of a body costs system calls and a hand-over between threads.
  private static final int MAX_PIECE = 64 * 1024;

  private static final Duration IDLE = Duration.ofMinutes(5);
  private static final Duration QUIET = Duration.ofMillis(100);

  private final Server server;
  private final ExecutorService threads;

  private FileServer(Server server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /// @param port 0 takes a free one
  /// @param stall how long an exchange may carry nothing
  public static FileServer start(
      ServerConfig config,
      int port,
      Duration stall,
      Uploads uploads,
      ResumableUploads resumables,
      Files files,
      TokenVerifier verifier,
      RefusalSink refusals,
      MeterRegistry meters) {
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    var door =
        new FileDoor(
            new FormDoor(uploads, threads),
            new TusDoor(resumables),
            new ContentDoor(files),
            new Entrance(verifier),
            refusals,
            threads,
            config.maxOpenStreams(),
            stall);
    var drain = config.drainTimeout();
    var quiet = drain.compareTo(QUIET) < 0 ? drain : QUIET;
    var connections = EventLoops.ofServer(Flags.numCommonWorkers(), "files");
    var server =
        Server.builder()
            .workerGroup(connections, true)
            .bossGroupFactory(name -> EventLoops.acceptor(name, connections))
            .http(new InetSocketAddress(config.host(), port))
            .service(Route.builder().catchAll().methods(HttpMethod.knownMethods()).build(), door)
            .meterRegistry(meters)
            .unloggedExceptionsReportIntervalMillis(0)
            // What is bounded is the silence in an exchange, and the bytes of a file.
            .requestTimeoutMillis(0)
            .maxRequestLength(0)
            .http1MaxInitialLineLength(MAX_HEADERS)
            .http1MaxHeaderSize(MAX_HEADERS)
            .http1MaxChunkSize(MAX_PIECE)
            .http2MaxHeaderListSize(MAX_HEADERS)
            .http2MaxFrameSize(MAX_PIECE)
            .idleTimeout(IDLE)
            .gracefulShutdownTimeout(quiet, drain)
            .disableServerHeader()
            .build();
    server.start().join();
    LOG.info("{} serves files by HTTP on port {}", config.name(), server.activeLocalPort());
    return new FileServer(server, threads);
  }

  public int port() {
    return server.activeLocalPort();
  }

  /// Takes no new connections and lets what runs finish.
  @Override
  public void close() {
    server.stop().join();
    threads.shutdownNow();
  }
}
