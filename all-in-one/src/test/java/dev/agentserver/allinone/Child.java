package dev.agentserver.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The launcher as a process of its own, as `./run` starts it.
public final class Child implements AutoCloseable {
  private final Process process;
  private final Path output;

  private Child(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static Child start(Path output, String... arguments) throws IOException {
    return start(Map.of(), output, arguments);
  }

  static Child start(Map<String, String> environment, Path output, String... arguments)
      throws IOException {
    return start(Main.class, environment, output, arguments);
  }

  /// Another program, on the class path of these tests.
  public static Child start(
      Class<?> main, Map<String, String> environment, Path output, String... arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-javaagent:")) // so that its lines are counted too
        .forEach(command::add);
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1", // none lives long enough to earn more
            "-Dagentserver.postgres.fsync=off",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.redirectOutput(output.toFile()).start();
    return new Child(process, output);
  }

  /// Waits for the line `ready <url>`, and returns the URL.
  String awaitReady() throws InterruptedException {
    Await.until("it is ready:\n" + said(), () -> ready().length() > 0 || !process.isAlive());
    assertThat(ready()).as(said()).startsWith("http://127.0.0.1:");
    return ready();
  }

  public String said() {
    try {
      return Files.readString(output);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  int terminate() throws InterruptedException {
    process.destroy();
    return exitStatus();
  }

  int exitStatus() throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends:\n" + said()).isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private String ready() {
    return said()
        .lines()
        .filter(line -> line.startsWith("ready "))
        .map(line -> line.substring("ready ".length()))
        .findFirst()
        .orElse("");
  }
}
