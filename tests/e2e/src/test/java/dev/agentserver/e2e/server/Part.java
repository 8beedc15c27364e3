package dev.agentserver.e2e.server;

import dev.agentserver.e2e.server.Server.Exit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// One process of a deployment: a service, the gateway, or a command of theirs that ends.
public final class Part implements AutoCloseable {
  private static final Duration STOP = Duration.ofSeconds(60);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final AtomicInteger STARTED = new AtomicInteger();

  private final Process process;
  private final Output output;
  private final int adminPort;

  private Part(Process process, Output output, int adminPort) {
    this.process = process;
    this.output = output;
    this.adminPort = adminPort;
  }

  /// @param environment what the process is told; the ADMIN_PORT among it is asked for its health
  static Part start(String name, List<String> command, Map<String, String> environment) {
    try {
      var directory = Logs.directory();
      var log = directory.resolve(name + "-" + STARTED.incrementAndGet() + ".log");
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      var process = builder.start();
      process.getOutputStream().close();
      var admin = Integer.parseInt(environment.getOrDefault("ADMIN_PORT", "0"));
      return new Part(process, new Output(process, log), admin);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// What it answers at a path of its admin port; 0 while nobody answers there.
  public int admin(String path) {
    if (!process.isAlive()) {
      throw new AssertionError("the process has ended:\n" + output.text());
    }
    var url = URI.create("http://127.0.0.1:" + adminPort + path);
    try {
      var request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(10)).build();
      return CLIENT.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException _) {
      return 0;
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  public Output output() {
    return output;
  }

  /// Waits until it has ended by itself.
  public Exit awaitExit() {
    return awaitExit(STOP);
  }

  /// Waits for that long at most until it has ended by itself.
  public Exit awaitExit(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("it did not end:\n" + output.text());
      }
      output.awaitEnd();
      return new Exit(process.exitValue(), output);
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }

  /// kill -9: no goodbye, no draining.
  public void kill() {
    process.toHandle().destroyForcibly();
    awaitExit();
  }

  /// SIGTERM, and waits for the end.
  @Override
  public void close() {
    process.toHandle().destroy();
    awaitExit();
  }
}
