package dev.agentserver.commandline.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The directory of one job: `journal` (what is done, a line each), `progress.json`,
/// `report.ndjson` (what was not understood or not done) and `log`. It is a notebook, no truth of
/// its own: without it everything is compared with the server again. One process at a time has it.
public final class Job implements AutoCloseable {
  static final String PROGRESS = "progress.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final FileChannel lock;
  private final Map<String, String> done = new ConcurrentHashMap<>();
  private final BufferedWriter journal;
  private @Nullable BufferedWriter report;

  private Job(Path directory, FileChannel lock) throws IOException {
    this.directory = directory;
    this.lock = lock;
    var file = directory.resolve("journal");
    if (Files.exists(file)) {
      read(file);
    }
    this.journal =
        Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    journal.newLine(); // ends a line that a kill cut short
  }

  /// Opens the job, or begins it.
  ///
  /// @param subject from where to where; a job that was begun with another one is refused, because
  /// what one source has no more is not gone from the other
  public static Job open(Path directory, String subject) throws IOException {
    Files.createDirectories(directory);
    var lock =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock.tryLock() == null) {
      lock.close();
      throw new IOException("another process is at work in " + directory);
    }
    var begun = directory.resolve("subject");
    if (Files.exists(begun) && !Files.readString(begun).equals(subject)) {
      lock.close();
      throw new IOException("the job in " + directory + " is another: " + Files.readString(begun));
    }
    Files.writeString(begun, subject);
    return new Job(directory, lock);
  }

  private void read(Path file) throws IOException {
    try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
      lines
          .map(line -> line.split(" "))
          .filter(words -> words.length == 3 && words[2].equals("."))
          .forEach(words -> done.put(words[0], words[1]));
      done.values().removeIf("-"::equals);
    }
  }

  /// The hash that was noted last for it; null: none.
  public @Nullable String noted(String id) {
    return done.get(id);
  }

  /// Everything that was ever noted.
  public Map<String, String> noted() {
    return Map.copyOf(done);
  }

  /// Notes that it is done; a hash of "-" that it is gone.
  public synchronized void note(String id, String hash) throws IOException {
    if (hash.equals("-")) {
      done.remove(id);
    } else {
      done.put(id, hash);
    }
    journal.write(id + " " + hash + " .");
    journal.newLine();
    journal.flush();
  }

  /// Begins the report of a pass anew.
  public synchronized void beginReport() throws IOException {
    if (report != null) {
      report.close();
    }
    report = Files.newBufferedWriter(directory.resolve("report.ndjson"));
  }

  /// Adds a line to the report.
  public synchronized void report(String oldId, String kind, String text) throws IOException {
    if (report != null) {
      report.write(JSON.writeValueAsString(line(oldId, kind, text)));
      report.newLine();
      report.flush();
    }
  }

  private static Map<String, String> line(String oldId, String kind, String text) {
    var line = new LinkedHashMap<String, String>();
    line.put("id", oldId);
    line.put("kind", kind);
    line.put("text", text);
    return line;
  }

  public Path directory() {
    return directory;
  }

  @Override
  public void close() throws IOException {
    journal.close();
    if (report != null) {
      report.close();
    }
    lock.close();
  }
}
