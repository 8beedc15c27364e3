package dev.agentserver.codegen;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jooq.Constants;

/// The hash of everything that decides what is generated.
final class Fingerprint {
  /// To be raised when the generator's own settings change.
  private static final String SETTINGS = "1";

  private Fingerprint() {}

  static String of(String targetPackage, List<Path> migrations)
      throws IOException, NoSuchAlgorithmException {
    var digest = MessageDigest.getInstance("SHA-256");
    add(digest, SETTINGS);
    add(digest, Constants.FULL_VERSION);
    add(digest, targetPackage);
    for (var directory : migrations) {
      add(digest, "directory");
      for (var file : sqlFiles(directory)) {
        add(digest, directory.relativize(file).toString());
        add(digest, Files.readString(file));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static List<Path> sqlFiles(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
    }
  }

  /// Each part is preceded by its length, so that no two lists of parts have the same bytes.
  private static void add(MessageDigest digest, String part) {
    var bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }
}
