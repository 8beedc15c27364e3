package dev.agentserver.gateway.test;

import dev.agentserver.gateway.Gateway;
import dev.agentserver.gateway.GatewayConfig;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.settings.v1.TicketCredential;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A gateway with real gRPC services behind it, all on free loopback ports.
public final class TestGateway implements AutoCloseable {
  /// Two API keys: one that is good, one that is refused.
  public static final String KEY = ApiKey.generate("dev", new SecureRandom()).format();

  public static final String REFUSED_KEY = ApiKey.generate("dev", new SecureRandom()).format();

  /// The ticket that is good, and where.
  public static final TicketCredential TICKET =
      TicketCredential.newBuilder()
          .setTicket("eyJrIjoidiJ9.eyJ0Ijoia2V0In0.c2lnbmF0dXJl")
          .setPath("/v1/notes/n-1:watch")
          .build();

  /// Where the same ticket is good behind an HTTP door.
  public static final String DOOR = "/attic/shown";

  private final Recorder recorder = new Recorder();
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger received = new AtomicInteger();
  private final AtomicInteger exchanges = new AtomicInteger();
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final Feed feed = new Feed();
  private final HealthStatusManager status = new HealthStatusManager();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final Server backend;
  private final Gateway gateway;

  public TestGateway() {
    this(Map.of());
  }

  /// @param environment variables that differ from those of the test
  public TestGateway(Map<String, String> environment) {
    backend = backend();
    var target = "static:127.0.0.1:" + backend.getPort();
    var variables = new HashMap<String, String>();
    variables.put("PORT", "0");
    variables.put("ADMIN_PORT", "0");
    variables.put("DESCRIPTOR_SET", TestContracts.file().toString());
    variables.put("UPSTREAMS", "bookstore=" + target + ";notebook=" + target);
    variables.put("ACCESS_TARGET", target);
    variables.put("DRAIN_TIMEOUT", "5s");
    // What does not ask for it is not disturbed by it, however slow the machine.
    variables.put("GATEWAY_OPEN_AFTER", "1h");
    variables.put("GATEWAY_HEARTBEAT", "1h");
    variables.putAll(environment);
    gateway = Gateway.start(GatewayConfig.from(Environment.of(variables)));
  }

  private Server backend() {
    try {
      return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
          .addService(new Bookstore(recorder))
          .addService(new Notebook(recorder, hanging, cancelled))
          .addService(new Streams(recorder, sent, received, hanging, released, cancelled))
          .addService(feed)
          .addService(new Vault(recorder))
          .addService(new FakeAccess(REFUSED_KEY, TICKET, DOOR, exchanges))
          .addService(status.getHealthService())
          .intercept(recorder)
          .maxInboundMessageSize(8 * 1024 * 1024)
          .maxInboundMetadataSize(32 * 1024)
          .build()
          .start();
    } catch (IOException noPort) {
      throw new UncheckedIOException(noPort);
    }
  }

  public Gateway gateway() {
    return gateway;
  }

  public Recorder recorder() {
    return recorder;
  }

  public Feed feed() {
    return feed;
  }

  public int sent() {
    return sent.get();
  }

  public int received() {
    return received.get();
  }

  public int exchanges() {
    return exchanges.get();
  }

  /// Waits until a call hangs in the service.
  public void awaitHanging() throws InterruptedException {
    if (!hanging.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("no call came");
    }
  }

  /// Lets a service go on that was told to stop reading.
  public void release() {
    released.countDown();
  }

  /// Waits until a service notices that its caller has gone.
  public void awaitCancelled() throws InterruptedException {
    if (!cancelled.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("no call was cancelled");
    }
  }

  public void say(ServingStatus serving) {
    status.setStatus("", serving);
  }

  public void stopBackend() {
    backend.shutdownNow();
  }

  /// A request to the gateway; finish it with [#send].
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    return exchange(request, BodyHandlers.ofString());
  }

  public <T> HttpResponse<T> exchange(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
    try {
      return http.send(request.build(), body);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }

  /// The same, of the port of metrics and health.
  public HttpRequest.Builder adminRequest(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.adminPort() + path));
  }

  /// Sends a request; cancelling the future hangs up.
  public CompletableFuture<HttpResponse<String>> exchangeLater(HttpRequest.Builder request) {
    return http.sendAsync(request.build(), BodyHandlers.ofString());
  }

  /// Opens a stream; the answer is there as soon as its headers are.
  public OpenStream open(HttpRequest.Builder request) {
    return open(http, request);
  }

  /// The same by another client.
  public OpenStream open(HttpClient client, HttpRequest.Builder request) {
    return new OpenStream(client.sendAsync(request.build(), BodyHandlers.ofInputStream()));
  }

  /// The same with a token, for what the client accepts.
  public OpenStream open(String path, String accept, String... headers) {
    var request =
        request(path).header("Accept", accept).header("Authorization", "Bearer some.jwt.token");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return open(request);
  }

  public HttpResponse<String> get(String path) {
    return send(request(path));
  }

  /// Sends JSON with a token.
  public HttpResponse<String> send(String method, String path, String json) {
    return send(
        request(path)
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer some.jwt.token"));
  }

  /// A gRPC channel to the gateway.
  public ManagedChannel channel() {
    var channel =
        NettyChannelBuilder.forAddress("127.0.0.1", gateway.port())
            .usePlaintext()
            .flowControlWindow(64 * 1024)
            .build();
    channels.add(channel);
    return channel;
  }

  /// Does not wait for the gateway: its acceptor threads take two seconds to be sure of their end.
  @Override
  public void close() {
    release();
    channels.forEach(ManagedChannel::shutdownNow);
    Thread.ofVirtual().start(gateway::close);
    backend.shutdownNow();
    http.shutdownNow();
  }
}
