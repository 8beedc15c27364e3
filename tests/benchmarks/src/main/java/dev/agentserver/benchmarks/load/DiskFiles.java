package dev.agentserver.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;

/// What is to be done at least: SHA-256, and beside it a write that reaches the disk.
///
/// @param file on the disk that the store keeps its objects on
public record DiskFiles(Path file) implements FileWay {
  @Override
  public String put(byte[] bytes) {
    var hashed = CompletableFuture.runAsync(() -> hash(bytes));
    try (var channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      var left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    hashed.join();
    return "";
  }

  private static void hash(byte[] bytes) {
    try {
      MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public long get(String id) {
    try (var content = Files.newInputStream(file)) {
      return FileBytes.drain(content);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void delete(String id) {
    // The next one is written in its place.
  }
}
