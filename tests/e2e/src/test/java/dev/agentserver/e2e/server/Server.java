package dev.agentserver.e2e.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A running Agent Server: one child process on one data directory.
public final class Server implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(4);
  private static final Duration STOP = Duration.ofSeconds(90);
  private static final AtomicInteger STARTED = new AtomicInteger();

  private final Process process;
  private final Output output;
  private final Path data;
  private final URI url;
  private final Thread hook;

  private Server(Process process, Output output, Path data, URI url) {
    this.process = process;
    this.output = output;
    this.data = data;
    this.url = url;
    this.hook = new Thread(process.toHandle()::destroy);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// Starts one that lives long, on a free port, and waits until it serves.
  static Server shared(Path data) {
    return start(data, CommandLine.counted(0, data));
  }

  /// Starts one on a free port and waits until it serves.
  public static Server start(Path data) {
    return start(data, 0);
  }

  /// Starts one with two tenants and waits until it serves.
  public static Server start(Path data, int port) {
    return start(data, CommandLine.of(port, data));
  }

  static Server start(Path data, List<String> command) {
    var launched = launch(command);
    try {
      var url = URI.create(launched.output().awaitReady(START));
      return new Server(launched.process(), launched.output(), data, url);
    } catch (RuntimeException failure) {
      launched.process().destroyForcibly();
      throw failure;
    }
  }

  /// One that is not expected to come up: its exit code and what it printed.
  public static Exit refusal(Path data, int port) {
    var launched = launch(CommandLine.of(port, data));
    return exit(launched.process(), launched.output());
  }

  /// How a process ended.
  public record Exit(int code, Output output) {}

  private record Launched(Process process, Output output) {}

  private static Launched launch(List<String> command) {
    try {
      var directory = Logs.directory();
      var file = directory.resolve(STARTED.incrementAndGet() + ".log");
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      return new Launched(process, new Output(process, file));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Where the gateway answers.
  public URI url() {
    return url;
  }

  public Path data() {
    return data;
  }

  public Output output() {
    return output;
  }

  public ProcessHandle process() {
    return process.toHandle();
  }

  /// The key of the owner of the first or of the second tenant.
  public String key(int tenant) {
    try {
      var name = tenant == 1 ? "development-key" : "development-key-" + tenant;
      return Files.readString(data.resolve(name)).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// The key of the owner of the platform's tenant.
  public String platformKey() {
    try {
      return Files.readString(data.resolve("development-platform-key")).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Where a service behind the gateway answers gRPC itself.
  public URI service(String name) {
    return URI.create("http://" + endpoints().path("services").path(name).path("grpc").asText());
  }

  /// Where flagd's clients need no credential.
  public URI flagd() {
    return URI.create("http://" + endpoints().path("flagd").asText());
  }

  JsonNode endpoints() {
    try {
      return new ObjectMapper().readTree(Files.readString(data.resolve("endpoints.json")));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// The PostgreSQL it runs.
  public ProcessHandle postgres() {
    return Postmaster.of(data).orElseThrow(() -> new IllegalStateException("no PostgreSQL runs"));
  }

  /// kill -9: no goodbye, no draining.
  public void kill() {
    process.toHandle().destroyForcibly();
    exit(process, output);
  }

  /// SIGTERM, sent by the handle: Process would close the output too.
  public void signal() {
    process.toHandle().destroy();
  }

  /// SIGTERM, and waits for the end.
  public Exit stop() {
    signal();
    return exit(process, output);
  }

  private static Exit exit(Process process, Output output) {
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        // The JVM prints what its threads do, and goes on.
        new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor();
        process.waitFor(1, TimeUnit.SECONDS);
        process.destroyForcibly();
        throw new IllegalStateException("it did not end within " + STOP + ":\n" + output.text());
      }
      output.awaitEnd();
      return new Exit(process.exitValue(), output);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    stop();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
