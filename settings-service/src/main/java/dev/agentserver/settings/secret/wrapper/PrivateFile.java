package dev.agentserver.settings.secret.wrapper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A small file that only its owner may read. It is replaced as a whole, so that whoever reads it
/// sees the old or the new one, also after a crash.
final class PrivateFile {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(OWNER);

  /// A lock on a file is between processes; inside one this is.
  private static final ReentrantLock WITHIN = new ReentrantLock();

  private final Path path;

  PrivateFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  Path path() {
    return path;
  }

  /// Fails with IllegalArgumentException where others may read it.
  String read() throws IOException {
    if (!OWNER.containsAll(Files.getPosixFilePermissions(path))) {
      throw new IllegalArgumentException(
          path + " can be read by others than its owner; `chmod 600` it");
    }
    return Files.readString(path);
  }

  /// Replaces the text by what is made of it, one process at a time.
  ///
  /// @param edit gets null where there is no file; the same text changes nothing
  void change(UnaryOperator<@Nullable String> edit) throws IOException {
    WITHIN.lock();
    try {
      changeLocked(edit);
    } finally {
      WITHIN.unlock();
    }
  }

  private void changeLocked(UnaryOperator<@Nullable String> edit) throws IOException {
    var lock = path.resolveSibling(path.getFileName() + ".lock");
    try (var channel =
            FileChannel.open(
                lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), PRIVATE);
        var _ = channel.lock()) {
      var before = Files.exists(path) ? read() : null;
      var after = edit.apply(before);
      if (after != null && !after.equals(before)) {
        replace(after);
      }
    }
  }

  private void replace(String text) throws IOException {
    var fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (var channel =
        FileChannel.open(
            fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE)) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (var directory = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
