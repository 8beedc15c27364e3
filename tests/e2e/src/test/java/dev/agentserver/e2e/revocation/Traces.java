package dev.agentserver.e2e.revocation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// What a secret looks like where it has been left: itself, or written in another way.
record Traces(List<String> all) {
  static Traces of(String secret) {
    var bytes = secret.getBytes(StandardCharsets.UTF_8);
    var base64 = Base64.getEncoder().withoutPadding().encodeToString(bytes);
    return new Traces(List.of(secret, hex(bytes), base64, hex(sha256(bytes))));
  }

  /// Those that are in a text.
  List<String> in(String text) {
    return all.stream().filter(text::contains).toList();
  }

  /// The files below a directory that hold one of them, as bytes, wherever.
  List<Path> below(Path directory) {
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).filter(this::isIn).toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private boolean isIn(Path file) {
    try {
      return !in(Files.readString(file, StandardCharsets.ISO_8859_1)).isEmpty();
    } catch (IOException _) {
      // A running server removes files; one that is gone holds nothing.
      return false;
    }
  }

  static Traces ofAll(Stream<String> secrets) {
    return new Traces(secrets.flatMap(secret -> of(secret).all().stream()).toList());
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
