package dev.agentserver.allinone.postgres;

import dev.agentserver.allinone.data.StartFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The programs of PostgreSQL for this platform, unpacked from the class path into a directory of
/// the data directory.
///
/// They lie inside the data directory, not in a shared place, so that two installations never meet
/// and every process that runs one of them is known to belong to this data directory.
final class Binaries {
  private static final String PREFIX = "bin-";

  private final Path home;

  private Binaries(Path home) {
    this.home = home;
  }

  /// Unpacks the archive unless it is there already; what another version left is removed.
  static Binaries install(Path directory) throws IOException {
    var archive = archive();
    var home = directory.resolve(PREFIX + checksum(archive));
    if (!Files.isDirectory(home)) {
      removeOthers(directory);
      var draft = directory.resolve(PREFIX + "new");
      try (var in = archive.openStream()) {
        unpack(in, Files.createDirectories(draft));
      }
      Files.move(draft, home, StandardCopyOption.ATOMIC_MOVE);
    }
    return new Binaries(home);
  }

  String program(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  /// Whether a process runs a program that was unpacked into the directory. The path is the one the
  /// operating system reports, so a process that took over the number of an earlier one is not
  /// mistaken for it.
  static boolean runBy(ProcessHandle process, Path directory) {
    return process
        .info()
        .command()
        .filter(command -> command.startsWith(directory + "/" + PREFIX))
        .isPresent();
  }

  private static URL archive() {
    var system =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
            ? "darwin"
            : "linux";
    var machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    var processor = machine.equals("aarch64") || machine.equals("arm64") ? "arm_64" : "x86_64";
    var name = "/postgres-%s-%s.txz".formatted(system, processor);
    var archive = Binaries.class.getResource(name);
    if (archive == null) {
      throw new StartFailure(
          "This build holds no PostgreSQL for %s on %s (%s). Linux and macOS are supported, on x86-64 and on ARM64."
              .formatted(System.getProperty("os.name"), machine, name));
    }
    return archive;
  }

  private static String checksum(URL archive) throws IOException {
    if (archive.openConnection() instanceof JarURLConnection jar) {
      return Long.toHexString(jar.getJarEntry().getCrc());
    }
    throw new IOException(archive + " is not in a jar");
  }

  private static void unpack(InputStream archive, Path target) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
          throw new IOException(
              "the archive of PostgreSQL leads outside its directory: " + entry.getName());
        }
        unpack(tar, entry, file);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      return;
    }
    Files.createDirectories(file.getParent());
    if (entry.isSymbolicLink()) {
      Files.deleteIfExists(file);
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
    if ((entry.getMode() & 0b001_000_000) != 0) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static void removeOthers(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (var old :
          files.filter(file -> file.getFileName().toString().startsWith(PREFIX)).toList()) {
        try (var tree = Files.walk(old)) {
          for (var file : tree.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }
}
