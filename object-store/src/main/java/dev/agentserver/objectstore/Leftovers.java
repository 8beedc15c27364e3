package dev.agentserver.objectstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a kill leaves in the directory that no client can see or remove: drafts, and parts of
/// uploads that were just being aborted or completed. An upload is one only while there are both
/// its mark and its parts' place.
final class Leftovers {
  static final String MARK = ".s3proxy-mpu-stub-";

  private static final String PARTS = ".mpus-";
  private static final int UUID_LENGTH = 36;

  private Leftovers() {}

  /// Only before the server starts.
  static void remove(Path root) throws IOException {
    removeDrafts(root);
    for (var bucket : children(root)) {
      if (Files.isDirectory(bucket)) {
        removeHalfUploads(bucket);
      }
    }
  }

  private static void removeDrafts(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      var drafts =
          files
              .filter(Files::isRegularFile)
              .filter(file -> Drafts.looksLikeOne(file.getFileName().toString()))
              .toList();
      for (var draft : drafts) {
        Files.delete(draft);
      }
    }
  }

  private static void removeHalfUploads(Path bucket) throws IOException {
    var entries = children(bucket);
    var whole = ids(entries, MARK);
    whole.retainAll(ids(entries, PARTS));
    for (var entry : entries) {
      var name = entry.getFileName().toString();
      if ((name.startsWith(MARK) && !whole.contains(id(name, MARK)))
          || (name.startsWith(PARTS) && !whole.contains(id(name, PARTS)))) {
        removeTree(entry);
      }
    }
  }

  private static Set<String> ids(List<Path> entries, String prefix) {
    var ids = new HashSet<String>();
    for (var entry : entries) {
      var name = entry.getFileName().toString();
      if (name.startsWith(prefix)) {
        ids.add(id(name, prefix));
      }
    }
    return ids;
  }

  private static String id(String name, String prefix) {
    return name.substring(prefix.length(), Math.min(name.length(), prefix.length() + UUID_LENGTH));
  }

  private static List<Path> children(Path directory) throws IOException {
    try (var children = Files.list(directory)) {
      return children.toList();
    }
  }

  private static void removeTree(Path tree) throws IOException {
    try (var files = Files.walk(tree)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
