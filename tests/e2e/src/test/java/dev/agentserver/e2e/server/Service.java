package dev.agentserver.e2e.server;

import dev.agentserver.e2e.client.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// One service, or the gateway, in a process of its own, as it runs in production. It keeps its
/// port when it is started again.
public final class Service implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);

  private final String mainClass;
  private final Map<String, String> variables;
  private final int port = FreePort.find();
  private final int adminPort = FreePort.find();
  private Process process;

  /// @param variables of the environment, beside the ports
  Service(String mainClass, Map<String, String> variables) {
    this.mainClass = mainClass;
    this.variables = variables;
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
  }

  /// Starts it. It may not be ready yet.
  public void start() {
    try {
      var directory = Files.createDirectories(Path.of("target", "servers"));
      var log = directory.resolve(mainClass + "-" + port + ".log").toFile();
      var builder = new ProcessBuilder(CommandLine.of(mainClass, "256m")).redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log));
      builder.environment().putAll(variables);
      builder.environment().put("PORT", Integer.toString(port));
      builder.environment().put("ADMIN_PORT", Integer.toString(adminPort));
      process = builder.start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Waits until it says that it can do its work.
  public void awaitReady() {
    Await.until(mainClass + " is ready", START, this::isReady);
  }

  private boolean isReady() {
    try {
      var url = URI.create("http://127.0.0.1:" + adminPort + "/readyz").toURL();
      var connection = (HttpURLConnection) url.openConnection();
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        connection.disconnect();
      }
    } catch (IOException notYet) {
      return false;
    }
  }

  /// Where it answers.
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  String target() {
    return "static:127.0.0.1:" + port;
  }

  /// kill -9.
  public void kill() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
