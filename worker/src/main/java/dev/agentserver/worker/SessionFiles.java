package dev.agentserver.worker;

import dev.agentserver.agentrun.v1.SessionFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The files of a session's directory that the session keeps: its spec, its plan, its state, and
/// what lies in context, debug and research.
final class SessionFiles {
  private static final List<String> FILES = List.of("spec.md", "plan.json", "plan.md");
  private static final List<String> DIRECTORIES = List.of("context", "debug", "research");

  /// Read last: it may say that the phase is over that the others are needed for.
  private static final String STATE = "state.json";

  private static final int MOST = 100;
  private static final int MOST_BYTES = 4 << 20;

  private SessionFiles() {}

  /// The files in portions that one call takes. Links are not followed.
  static List<List<SessionFile>> read(Path directory) {
    var portions = new ArrayList<List<SessionFile>>();
    var portion = new ArrayList<SessionFile>();
    var bytes = 0;
    for (var path : paths(directory)) {
      var file = file(directory, path);
      if (portion.size() == MOST || bytes + file.getSerializedSize() > MOST_BYTES) {
        portions.add(List.copyOf(portion));
        portion.clear();
        bytes = 0;
      }
      portion.add(file);
      bytes += file.getSerializedSize();
    }
    portions.add(List.copyOf(portion));
    return portions;
  }

  private static List<Path> paths(Path directory) {
    var found = new ArrayList<Path>();
    FILES.forEach(name -> found.add(directory.resolve(name)));
    DIRECTORIES.forEach(name -> found.addAll(below(directory.resolve(name))));
    found.add(directory.resolve(STATE));
    found.removeIf(path -> !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS));
    return found;
  }

  private static List<Path> below(Path directory) {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static SessionFile file(Path directory, Path path) {
    try {
      return SessionFile.newBuilder()
          .setPath(directory.relativize(path).toString().replace('\\', '/'))
          .setContent(Files.readString(path))
          .build();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
