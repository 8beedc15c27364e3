package dev.agentserver.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A Node project, copied to where things may be built.
public record NodeProject(Path directory) {
  /// How a command ended and what it printed.
  public record Result(int exitCode, String output) {}

  public static NodeProject copy(Path source, Path target) throws IOException {
    try (var files = Files.walk(source)) {
      for (var file : files.filter(NodeProject::isSource).toList()) {
        var copy = target.resolve(source.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return new NodeProject(target);
  }

  private static boolean isSource(Path file) {
    return Files.isRegularFile(file) && !file.toString().contains("node_modules");
  }

  public void npm(String... arguments) throws IOException, InterruptedException {
    var command = Stream.concat(Stream.of("npm"), Stream.of(arguments)).toArray(String[]::new);
    var result = run(Map.of(), command);
    assertThat(result.exitCode()).as("%s\n%s", List.of(command), result.output()).isZero();
  }

  public Result run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    var builder = builder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = start(builder);
    process.getOutputStream().close();
    try (var output = process.getInputStream()) {
      var text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), text);
    }
  }

  /// A command that goes on while tests run. Whoever starts it ends it; its errors come out here.
  public Process start(Map<String, String> environment, String... command) {
    var builder = builder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return start(builder);
  }

  /// What a command makes of its input.
  byte[] filter(byte[] input, String... command) throws IOException, InterruptedException {
    var process = start(builder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
    try (var stdin = process.getOutputStream()) {
      stdin.write(input);
    }
    try (var stdout = process.getInputStream()) {
      var output = stdout.readAllBytes();
      assertThat(process.waitFor()).isZero();
      return output;
    }
  }

  private ProcessBuilder builder(String... command) {
    return new ProcessBuilder(command).directory(directory.toFile());
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException failure) {
      throw new AssertionError("Node 20 or newer and npm are needed on the PATH", failure);
    }
  }
}
