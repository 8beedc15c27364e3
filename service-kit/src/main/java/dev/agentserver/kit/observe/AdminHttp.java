package dev.agentserver.kit.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// Metrics and health over plain HTTP, on a port of its own, for Prometheus and for orchestrators:
/// `/metrics`, `/livez` (the process runs), `/readyz` and `/health` (it can do its work: 200, else
/// 503).
public final class AdminHttp implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String JSON = "application/json";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private record Answer(int status, String type, String body) {}

  private AdminHttp(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
  }

  /// @param port 0 takes a free one
  public static AdminHttp start(String host, int port, Metrics metrics, Health health) {
    try {
      var admin = new AdminHttp(HttpServer.create(new InetSocketAddress(host, port), 0));
      admin.serve("/metrics", () -> new Answer(200, PROMETHEUS, metrics.scrape()));
      admin.serve("/livez", () -> new Answer(200, TEXT, "ok\n"));
      admin.serve(
          "/readyz",
          () ->
              new Answer(
                  health.serving() ? 200 : 503, TEXT, health.serving() ? "ok\n" : "not serving\n"));
      admin.serve("/health", () -> new Answer(health.serving() ? 200 : 503, JSON, health.json()));
      admin.serve(
          "/", () -> new Answer(404, TEXT, "there are /metrics, /livez, /readyz and /health\n"));
      admin.server.start();
      return admin;
    } catch (IOException taken) {
      throw new UncheckedIOException(
          "the admin port " + port + " of " + host + " cannot be listened on", taken);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void serve(String path, Supplier<Answer> answer) {
    server.createContext(path, exchange -> reply(exchange, path, answer));
  }

  /// The JDK's server matches prefixes; a longer path is none of ours.
  private static void reply(HttpExchange exchange, String path, Supplier<Answer> source)
      throws IOException {
    try (exchange) {
      var exact = path.equals("/") || exchange.getRequestURI().getPath().equals(path);
      var answer = exact ? source.get() : new Answer(404, TEXT, "not found\n");
      var body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
