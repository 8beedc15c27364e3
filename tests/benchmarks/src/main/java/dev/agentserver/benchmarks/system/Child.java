package dev.agentserver.benchmarks.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// A server in a process of its own, which says where it serves once it does, mostly as
/// `ready <address>`. What else it prints goes to a file.
public final class Child implements AutoCloseable {
  static final Pattern READY = Pattern.compile("^ready (\\S+)");
  private static final String FSYNC = "agentserver.postgres.fsync";
  private static final Duration START = Duration.ofMinutes(4);
  private static final Duration STOP = Duration.ofSeconds(30);

  private final Process process;
  private final CompletableFuture<String> address = new CompletableFuture<>();
  private final Path log;
  private final Pattern ready;
  private final Thread hook;

  private Child(Process process, Path log, Pattern ready) {
    this.process = process;
    this.log = log;
    this.ready = ready;
    this.hook = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(hook);
    // A pipe that is waited for keeps a carrier of virtual threads, and they are not always
    // replaced.
    Thread.ofPlatform().daemon().name("output of " + process.pid()).start(this::copy);
  }

  /// Starts it and waits until it is ready.
  public static Child start(
      Path directory, Path log, Map<String, String> environment, List<String> command) {
    return start(directory, log, environment, command, READY);
  }

  private static Child start(
      Path directory,
      Path log,
      Map<String, String> environment,
      List<String> command,
      Pattern ready) {
    try {
      var builder = new ProcessBuilder(command).directory(directory.toFile());
      builder.environment().putAll(environment);
      var process = builder.redirectErrorStream(true).start();
      process.getOutputStream().close();
      var child = new Child(process, log, ready);
      child.address();
      return child;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Starts a JVM like ours, with the options of `./run`.
  static Child java(Path log, String classPath, String main, String... arguments) {
    return java(log, classPath, Map.of(), READY, main, arguments);
  }

  /// The same with an environment.
  ///
  /// @param ready finds in a line of the output where it serves, as its first group
  static Child java(
      Path log,
      String classPath,
      Map<String, String> environment,
      Pattern ready,
      String main,
      String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:G1HeapRegionSize=4m",
                "-Dagentserver.postgres.fsync=" + System.getProperty(FSYNC, "on"),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath,
                main));
    command.addAll(List.of(arguments));
    return start(Path.of("."), log, environment, command, ready);
  }

  private void copy() {
    try (var input = process.inputReader();
        var output = Files.newBufferedWriter(log)) {
      for (var line = input.readLine(); line != null; line = input.readLine()) {
        output.write(line + "\n");
        output.flush();
        var found = ready.matcher(line);
        if (found.find()) {
          address.complete(found.group(1));
        }
      }
      address.completeExceptionally(new IllegalStateException("it ended; see " + log));
    } catch (IOException failure) {
      address.completeExceptionally(failure);
    }
  }

  /// Where it serves, as it said it.
  public String address() {
    try {
      return address.get(START.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      close();
      throw new IllegalStateException("not ready; see " + log, failure);
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException _) {
      // The machine is going down with us: the hook is running already.
    }
  }
}
