package dev.agentserver.e2e.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Heap;
import dev.agentserver.e2e.server.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One of five watchers reads nothing any more: the others get everything, the server keeps nothing
/// for those who stall, and they miss nothing when they go on. `e2e.watchers` in all, 200, or more
/// for the long form (`-De2e.watchers=1000`).
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class StalledWatchersTest {
  private static final int WATCHERS = Integer.getInteger("e2e.watchers", 200);
  private static final int STALLED = WATCHERS / 5;
  private static final long BOUND = 64 << 20;

  /// Some megabytes in UTF-8: more than connections hold on their way.
  private static final int TEXT = WATCHERS > 200 ? 1_200_000 : 400_000;

  private static final int PIECE = 4 << 10;

  @TempDir Path data;

  private Server server;
  private User user;
  private String conversation;

  @BeforeEach
  void begin() {
    server = Server.start(data);
    user = User.owner(server, 1);
    conversation = user.conversation("watched");
  }

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void whoStallsHoldsUpNobodyAndMissesNothing() throws IOException, InterruptedException {
    try (var crowd = new Crowd(server.url(), user, conversation)) {
      var watching = crowd.more(WATCHERS - STALLED);
      var stalled = crowd.more(STALLED);
      Crowd.start(watching);
      Crowd.start(stalled);
      var before = write();
      Crowd.awaitAll(watching, before);
      Crowd.awaitAll(stalled, before);
      var heap = Heap.used(server.process());

      stalled.forEach(Viewer::stall);
      var after = write();
      Crowd.awaitAll(watching, after);
      assertThat(stalled).allMatch(each -> each.last() < after);
      assertBounded("stalled", heap);

      stalled.forEach(Viewer::goOn);
      Crowd.awaitAll(stalled, after);
      assertThat(stalled.getLast().sum()).isEqualTo(watching.getLast().sum());
    }
  }

  @Test
  void whoComesForWhatIsOldAndDoesNotReadItCostsLittle() throws IOException, InterruptedException {
    var last = write();
    try (var crowd = new Crowd(server.url(), user, conversation)) {
      var watching = crowd.more(4);
      Crowd.start(watching);
      Crowd.awaitAll(watching, last);
      var heap = Heap.used(server.process());

      var stalled = crowd.more(STALLED);
      stalled.forEach(Viewer::stall);
      Crowd.start(stalled);
      var next = write();
      Crowd.awaitAll(watching, next);
      assertBounded("stalled from the beginning", heap);

      stalled.forEach(Viewer::goOn);
      Crowd.awaitAll(stalled, next);
    }
  }

  /// An answer in pieces of some kilobytes.
  ///
  /// @return the last event
  private long write() {
    var author = new Author(user, new Random(1), TEXT, PIECE);
    author.write(conversation, new ByCalls(1));
    return Poll.everything(user, conversation).last();
  }

  private void assertBounded(String what, long before) {
    var more = Heap.used(server.process()) - before;
    System.out.printf(
        "%d %s of %d watchers: heap %+.1f MiB%n", STALLED, what, WATCHERS, more / 1024.0 / 1024);
    assertThat(more).isLessThan(BOUND);
  }
}
