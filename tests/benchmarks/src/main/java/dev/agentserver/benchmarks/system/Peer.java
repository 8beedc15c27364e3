package dev.agentserver.benchmarks.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A Node application that does the same work on the same tables, in a process of its own.
public record Peer(String name, Child child) implements AutoCloseable {
  /// Prisma asks for an engine that it then does not use, and that cannot be fetched everywhere.
  /// Any program will do.
  private static final Map<String, String> NO_ENGINE =
      Map.of("PRISMA_SCHEMA_ENGINE_BINARY", "/bin/true", "CHECKPOINT_DISABLE", "1");

  public static boolean possible() {
    return Commands.exists("node") && Commands.exists("npm");
  }

  /// Installs it below `work`, unless it is there already, and starts it.
  ///
  /// @param name a directory of `sources`
  public static Peer start(
      Path sources, Path work, String name, Postgres postgres, Map<String, String> caller) {
    var directory = work.resolve("peers").resolve(name);
    copy(sources.resolve(name), directory);
    if (!installed(directory)) {
      npm(directory, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
    }
    npm(directory, "run", "generate", "--if-present");
    var environment = new HashMap<>(postgres.environment());
    environment.putAll(caller);
    environment.put("NODE_ENV", "production");
    var log = work.resolve(name + ".log");
    return new Peer(name, Child.start(directory, log, environment, List.of("node", "server.js")));
  }

  private static void npm(Path directory, String... arguments) {
    var command = new ArrayList<>(List.of("npm"));
    command.addAll(List.of(arguments));
    Commands.run(directory, NO_ENGINE, command);
  }

  /// npm leaves a list of what it has installed.
  private static boolean installed(Path directory) {
    try {
      var list = directory.resolve("node_modules").resolve(".package-lock.json");
      return Files.exists(list)
          && Files.getLastModifiedTime(list)
                  .compareTo(Files.getLastModifiedTime(directory.resolve("package-lock.json")))
              >= 0;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void copy(Path source, Path target) {
    try (var files = Files.list(source)) {
      Files.createDirectories(target);
      for (var file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(
            file,
            target.resolve(file.getFileName()),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public URI url() {
    return URI.create(child.address());
  }

  @Override
  public void close() {
    child.close();
  }
}
