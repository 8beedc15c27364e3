package dev.agentserver.agentrun.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A directory that is held open. What is below is opened from it, name by name and never through a
/// symbolic link: a link that comes to be meanwhile leads nowhere either.
final class Tree implements AutoCloseable {
  private static final Path GIT = Path.of(".git");
  private static final Path CLAUDE = Path.of(".claude");

  private final Path path;
  private final SecureDirectoryStream<Path> stream;

  private Tree(Path path, SecureDirectoryStream<Path> stream) {
    this.path = path;
    this.stream = stream;
  }

  /// Opens a directory below a root, or the root.
  static Tree open(Path root, Path directory) throws IOException {
    var tree = root(root);
    try {
      if (!directory.equals(root)) {
        for (var name : root.relativize(directory)) {
          var next = tree.below(name);
          tree.close();
          tree = next;
        }
      }
      return tree;
    } catch (IOException | RuntimeException failure) {
      tree.close();
      throw failure;
    }
  }

  private static Tree root(Path root) throws IOException {
    var opened = Files.newDirectoryStream(root);
    if (opened instanceof SecureDirectoryStream<Path> secure) {
      return new Tree(root, secure);
    }
    opened.close();
    throw new IOException("this system cannot open what is below a directory by name");
  }

  /// The directory of that name in this one.
  Tree below(Path name) throws IOException {
    return new Tree(path.resolve(name), stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
  }

  /// The first names after one, in order. Only once.
  List<Path> names(String after, int limit) {
    var first = new TreeSet<Path>();
    for (var entry : stream) {
      var name = entry.getFileName();
      if (name.toString().compareTo(after) > 0) {
        first.add(name);
        if (first.size() > limit) {
          first.pollLast();
        }
      }
    }
    return List.copyOf(first);
  }

  /// What is in it by that name; empty when nothing is.
  Optional<DirectoryEntry> entry(Path name) {
    var at = path.resolve(name).toString();
    try {
      var attributes = attributes(name);
      if (!attributes.isDirectory()) {
        var kind =
            attributes.isRegularFile() ? DirectoryEntry.Kind.FILE : DirectoryEntry.Kind.OTHER;
        return Optional.of(new DirectoryEntry(name.toString(), at, kind, false, false));
      }
      try (var below = below(name)) {
        return Optional.of(below.self(name.toString()));
      }
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /// The directory itself.
  DirectoryEntry self(String name) {
    return new DirectoryEntry(
        name, path.toString(), DirectoryEntry.Kind.DIRECTORY, holds(GIT), holds(CLAUDE));
  }

  private boolean holds(Path name) {
    try {
      return attributes(name).isDirectory() || attributes(name).isRegularFile();
    } catch (IOException absent) {
      return false;
    }
  }

  private BasicFileAttributes attributes(Path name) throws IOException {
    return stream
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  /// The text of a file in it.
  ///
  /// @param limit the most bytes; a longer one is an IOException, and so is one that is no text
  String text(Path name, int limit) throws IOException {
    try (SeekableByteChannel channel =
        stream.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      var bytes = ByteBuffer.allocate(limit + 1);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
      if (!bytes.hasRemaining()) {
        throw new TooLong();
      }
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException binary) {
      throw new IOException("it is not text", binary);
    }
  }

  /// A file has more bytes than are read.
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /// The names in it, all of them up to a limit.
  List<Path> names(int limit) {
    return new ArrayList<>(names("", limit));
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
