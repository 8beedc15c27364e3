package dev.agentserver.e2e.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Death;
import dev.agentserver.e2e.server.Patient;
import dev.agentserver.e2e.streams.Author.Way;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Answers are written and followed while the process, PostgreSQL and both are killed with -9:
/// `e2e.kills` times, 4, or more for the long form (`-De2e.kills=20`), with 5,000 characters an
/// answer for each. `-De2e.seed` repeats a run, as far as chance is ours.
class TornStreamsTest {
  private static final int KILLS = Integer.getInteger("e2e.kills", 4);
  private static final int CHARACTERS = 5_000 * KILLS;
  private static final long SEED = Long.getLong("e2e.seed", System.nanoTime());
  private static final int PIECE = 8;
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final List<Way> WAYS = List.of(new ByCalls(24), new ByStream(6, 12));

  @TempDir Path data;

  private final Random random = new Random(SEED);
  private final List<Author> authors = new ArrayList<>();

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void everyClientGetsEveryEventOnceWhateverDies() throws IOException, InterruptedException {
    System.out.printf("seed %d: %d kills, answers of %,d characters%n", SEED, KILLS, CHARACTERS);
    var start = System.nanoTime();
    try (var patient = new Patient(data);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var user = User.owner(patient.server(), 1);
      var conversation = user.conversation("torn");
      try (var grpc = Follower.start("gRPC", new WatchByGrpc(user, conversation));
          var sse = Follower.start("SSE", new WatchBySse(user, conversation));
          var poll = Follower.start("polling", new Poll(user, conversation, 5));
          var node = WatchByEventSource.start(patient.server().url(), user, conversation)) {
        var writing = write(threads, user, conversation);
        try {
          kill(patient, writing);
        } catch (RuntimeException | Error failure) {
          threads.shutdownNow(); // they would write to a server that is not there, for ever
          throw failure;
        }
        var written = texts(writing);
        var stored = Poll.everything(user, conversation);
        var given =
            List.of(grpc.transcript(), sse.transcript(), poll.transcript(), node.transcript());
        given.forEach(each -> awaitEnd(each, stored.last()));
        assertThat(Transcripts.violations(stored, given, written)).isEmpty();
        System.out.printf(
            "%d events, the same for all, in %.0f s%n",
            stored.last(), (System.nanoTime() - start) / 1e9);
        for (var follower : List.of(grpc, sse, poll)) {
          System.out.println(follower.transcript().client() + ": " + follower.ends());
        }
      }
    }
  }

  /// Two answers at once, each in another way.
  private List<CompletableFuture<String>> write(
      ExecutorService threads, User user, String conversation) {
    var writing = new ArrayList<CompletableFuture<String>>();
    for (var way : WAYS) {
      var author = new Author(user, new Random(random.nextLong()), CHARACTERS, PIECE);
      authors.add(author);
      writing.add(CompletableFuture.supplyAsync(() -> author.write(conversation, way), threads));
    }
    return writing;
  }

  /// Each death comes when a share of the text is there that nobody knows before.
  private void kill(Patient patient, List<CompletableFuture<String>> writing) {
    var total = CHARACTERS * WAYS.size();
    var moments = random.ints(KILLS, total / 50, total - total / 50).sorted().toArray();
    var deaths = new ArrayList<>(List.of(Death.values()));
    Collections.shuffle(deaths, random);
    for (var i = 0; i < KILLS; i++) {
      var moment = moments[i];
      Await.until(
          moment + " characters are written",
          LIMIT,
          () -> stored() >= moment || writing.stream().anyMatch(each -> each.isDone()));
      patient.die(deaths.get(i % deaths.size()));
    }
  }

  private int stored() {
    return authors.stream().mapToInt(author -> author.manuscript().stored()).sum();
  }

  /// message → its text
  private Map<String, String> texts(List<CompletableFuture<String>> writing) {
    var texts = new HashMap<String, String>();
    for (var i = 0; i < authors.size(); i++) {
      texts.put(writing.get(i).join(), authors.get(i).manuscript().text());
    }
    return texts;
  }

  private static void awaitEnd(Transcript transcript, long seq) {
    Await.until(
        transcript.client() + " has everything",
        LIMIT,
        () -> transcript.last() >= seq || !transcript.violations().isEmpty());
  }
}
