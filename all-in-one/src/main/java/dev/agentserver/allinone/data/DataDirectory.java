package dev.agentserver.allinone.data;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;

/// The directory everything is kept in, locked for one process and checked to be one this version
/// can read.
///
/// The lock is the operating system's: it ends with the process, however that ends, so a kill
/// leaves nothing to clean up.
public final class DataDirectory implements AutoCloseable {
  /// The layout of the directory. Raised when an older version could not read what a newer one
  /// writes.
  static final int FORMAT = 1;

  private static final String LOCK = "lock";
  private static final String VERSION = "version";

  private final Path root;
  private final FileChannel lock;

  private DataDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /// Opens the directory, and makes it when it is not there.
  ///
  /// @param postgresMajor the major version of the PostgreSQL that this version brings
  public static DataDirectory open(Path path, int postgresMajor) {
    var root = create(path);
    var lock = lock(root);
    try {
      checkVersion(root, postgresMajor);
      return new DataDirectory(root, lock);
    } catch (IOException failure) {
      throw released(lock, unreadable(root, failure));
    } catch (StartFailure failure) {
      throw released(lock, failure);
    }
  }

  public Path path(String name) {
    return root.resolve(name);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  private static Path create(Path path) {
    var root = path.toAbsolutePath().normalize();
    try {
      var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
      Files.createDirectories(root, mode);
      return root.toRealPath();
    } catch (FileAlreadyExistsException _) {
      throw new StartFailure(root + " is not a directory. Choose another one with --data.");
    } catch (IOException failure) {
      throw unreadable(root, failure);
    }
  }

  private static FileChannel lock(Path root) {
    var file = root.resolve(LOCK);
    try {
      var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() == null) {
          throw released(channel, inUse(root, " (process " + Files.readString(file).strip() + ")"));
        }
      } catch (OverlappingFileLockException _) {
        throw released(channel, inUse(root, ""));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
      return channel;
    } catch (IOException failure) {
      throw unreadable(root, failure);
    }
  }

  private static void checkVersion(Path root, int postgresMajor) throws IOException {
    var file = root.resolve(VERSION);
    if (!Files.exists(file)) {
      refuseForeignFiles(root);
      PrivateFile.write(file, "format=" + FORMAT + "\npostgresql=" + postgresMajor + "\n");
      return;
    }
    var version = new Properties();
    version.load(new StringReader(Files.readString(file)));
    var format = number(version, "format", file);
    if (format != FORMAT) {
      throw new StartFailure(
          "%s was written by another version of Agent Server (its format is %d, this version reads %d). Start that version, or choose another directory with --data."
              .formatted(root, format, FORMAT));
    }
    var major = number(version, "postgresql", file);
    if (major != postgresMajor) {
      throw new StartFailure(
          "%s was written by PostgreSQL %d, this version of Agent Server brings PostgreSQL %d. Start the version that wrote it, or choose another directory with --data."
              .formatted(root, major, postgresMajor));
    }
  }

  /// A directory with other files in it is somebody's, and nothing is written into it.
  private static void refuseForeignFiles(Path root) throws IOException {
    List<String> others;
    try (var files = Files.list(root)) {
      others =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.equals(LOCK))
              .sorted()
              .limit(3)
              .toList();
    }
    if (!others.isEmpty()) {
      throw new StartFailure(
          "%s is not a data directory of Agent Server, or is damaged: it holds %s but no file \"version\". Choose another directory with --data, or move this one away."
              .formatted(root, String.join(", ", others)));
    }
  }

  private static int number(Properties version, String key, Path file) {
    try {
      return Integer.parseInt(version.getProperty(key, ""));
    } catch (NumberFormatException _) {
      throw new StartFailure(
          "The data directory is damaged: %s has no number for \"%s\". Restore it from a backup, or choose another directory with --data."
              .formatted(file, key));
    }
  }

  private static StartFailure inUse(Path root, String by) {
    return new StartFailure(
        "Another Agent Server%s is using %s. Stop it first, or choose another directory with --data."
            .formatted(by, root));
  }

  private static StartFailure unreadable(Path root, IOException failure) {
    return new StartFailure(
        "The data directory %s cannot be used (%s). Check its owner and mode, or choose another one with --data."
            .formatted(root, failure),
        failure);
  }

  private static StartFailure released(FileChannel lock, StartFailure failure) {
    try {
      lock.close();
    } catch (IOException suppressed) {
      failure.addSuppressed(suppressed);
    }
    return failure;
  }
}
