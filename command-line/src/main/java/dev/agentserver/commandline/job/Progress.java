package dev.agentserver.commandline.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// How far a job is, counted and written to its `progress.json` about every second.
public final class Progress {
  /// What became of a conversation.
  public enum Outcome {
    /// It is new on the server.
    WRITTEN,
    /// It was there, and is now as its source says.
    UPDATED,
    /// It was as its source says already.
    UNCHANGED,
    /// It was deleted at its source, and is in the trash now.
    REMOVED,
    /// It is not as its source says. The report says why.
    FAILED
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Path file;
  private final Clock clock;
  private final Instant startedAt;
  private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
  private Instant writtenAt = Instant.EPOCH;
  private long messages;
  private int notes;

  public Progress(Job job, Clock clock) {
    this.file = job.directory().resolve(Job.PROGRESS);
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  public synchronized void count(Outcome outcome, int conversationMessages, int newNotes)
      throws IOException {
    outcomes.merge(outcome, 1, Integer::sum);
    messages += conversationMessages;
    notes += newNotes;
    if (Duration.between(writtenAt, clock.instant()).compareTo(INTERVAL) >= 0) {
      write("RUNNING");
    }
  }

  public synchronized int of(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0);
  }

  /// Writes how it stands: RUNNING, DONE or FAILED. Who reads the file never sees half of it.
  public synchronized void write(String state) throws IOException {
    writtenAt = clock.instant();
    var progress = new LinkedHashMap<String, Object>();
    progress.put("state", state);
    for (var outcome : Outcome.values()) {
      progress.put(outcome.name().toLowerCase(Locale.ROOT), of(outcome));
    }
    progress.put("messages", messages);
    progress.put("notes", notes);
    progress.put("started_at", startedAt.toString());
    progress.put("updated_at", writtenAt.toString());
    progress.put("pid", ProcessHandle.current().pid());
    var next = file.resolveSibling(Job.PROGRESS + ".new");
    Files.writeString(next, JSON.writeValueAsString(progress) + "\n");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// One line for people.
  public synchronized String line() {
    var counted =
        outcomes.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey().name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return "%s; %d messages; %d notes; %d s"
        .formatted(
            counted.isEmpty() ? "no conversations" : counted,
            messages,
            notes,
            Duration.between(startedAt, clock.instant()).toSeconds());
  }
}
