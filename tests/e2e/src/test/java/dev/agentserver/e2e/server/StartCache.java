package dev.agentserver.e2e.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;

/// The classes of the processes under test as the JVM has them once they are loaded and linked (JEP
/// 514): two fifths of the processor time of a start. A process that does nothing else writes it,
/// once for all JVMs that run tests; who starts one meanwhile does without.
final class StartCache {
  private static Optional<Path> made = Optional.empty();

  private StartCache() {}

  /// What a command line needs to use it.
  ///
  /// @param classPath of jars only, or there is none: the JVM knows no others
  static synchronized Stream<String> options(String classPath) {
    if (made.isEmpty()) {
      made = make(classPath);
    }
    // What it has to say of a cache would be read as what the process says.
    return made.stream()
        .flatMap(file -> Stream.of("-XX:AOTCache=" + file, "-Xlog:disable", "-Xlog:all=error"));
  }

  private static Optional<Path> make(String classPath) {
    var jars = Stream.of(classPath.split(File.pathSeparator)).map(Path::of).toList();
    if (!jars.stream().allMatch(Files::isRegularFile)) {
      return Optional.empty();
    }
    var directory = Path.of("target", "servers");
    try {
      var state = new StringBuilder();
      for (var jar : jars) {
        state.append(jar).append(Files.getLastModifiedTime(jar)).append(Files.size(jar));
      }
      var name = "start-%08x.aot".formatted(state.toString().hashCode());
      var file = Files.createDirectories(directory).resolve(name).toAbsolutePath();
      try (var lock =
              FileChannel.open(
                  directory.resolve("start.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var held = lock.tryLock()) {
        if (held != null && !Files.exists(file)) {
          train(file);
        }
      }
      return Optional.of(file).filter(Files::exists);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void train(Path file) throws IOException {
    var draft = file.resolveSibling(file.getFileName() + ".new");
    var data = Files.createTempDirectory("agentserver-start-");
    SharedServer.end(Server.start(data, CommandLine.writing(draft, data)));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
