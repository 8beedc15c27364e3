package dev.agentserver.e2e.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What a process prints, kept for assertions and in a file for whoever looks into a failure.
public final class Output {
  private static final String READY = "ready ";

  private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<String> ready = new CompletableFuture<>();
  private final Path file;
  private final Thread reader;

  Output(Process process, Path file) {
    this.file = file;
    // A pipe that is waited for keeps a carrier of virtual threads, and they are not always
    // replaced.
    var threads = Thread.ofPlatform().daemon().name("output of " + process.pid());
    this.reader = threads.start(() -> read(process));
  }

  private void read(Process process) {
    try (BufferedReader input = process.inputReader();
        var copy = Files.newBufferedWriter(file)) {
      for (var line = input.readLine(); line != null; line = input.readLine()) {
        lines.add(line);
        copy.write(line);
        copy.newLine();
        copy.flush();
        if (line.startsWith(READY)) {
          ready.complete(line.substring(READY.length()).strip());
        }
      }
      ready.completeExceptionally(new IllegalStateException("it ended before it was ready"));
    } catch (IOException failure) {
      ready.completeExceptionally(failure);
      throw new UncheckedIOException(failure);
    }
  }

  /// The address it serves at, as soon as it does.
  String awaitReady(Duration limit) {
    try {
      return ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IllegalStateException("not ready; it printed:\n" + text(), failure);
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }

  /// Waits until the process has closed its output, so that nothing is missing from what was read.
  void awaitEnd() throws InterruptedException {
    reader.join();
  }

  /// Every line so far.
  public List<String> lines() {
    return List.copyOf(lines);
  }

  public String text() {
    return String.join("\n", lines);
  }
}
