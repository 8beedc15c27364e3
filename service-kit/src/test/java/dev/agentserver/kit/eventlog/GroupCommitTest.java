package dev.agentserver.kit.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.Await;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
  private static final GroupCommitLimits DEFAULTS = GroupCommitLimits.defaults();
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private final Metrics metrics = new Metrics("test");
  private final List<List<String>> groups = new CopyOnWriteArrayList<>();

  /// Each group takes a permit before it is done.
  private final Semaphore gate = new Semaphore(0);

  private UnaryOperator<String> work = item -> item + "!";
  private GroupCommit<String, String, String> commit = open(DEFAULTS);

  @AfterEach
  void close() {
    gate.release(1_000_000);
    commit.close();
    metrics.close();
  }

  private GroupCommit<String, String, String> open(GroupCommitLimits limits) {
    return GroupCommit.open("test", metrics, limits, String::length, this::flush);
  }

  /// One lane with these limits, in place of the default.
  private void use(Duration pause, int pauseBytes, int items, int keyBytes, long totalBytes) {
    commit.close();
    commit = open(new GroupCommitLimits(pause, pauseBytes, 1, items, keyBytes, totalBytes));
  }

  private void useOneLane(Duration pause) {
    use(pause, DEFAULTS.pauseBytes(), 256, DEFAULTS.keyBytes(), DEFAULTS.totalBytes());
  }

  private List<Outcome<String>> flush(List<String> group) {
    groups.add(group);
    try {
      if (!gate.tryAcquire(20, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody opened the gate");
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
    return group.stream()
        .<Outcome<String>>map(item -> new Outcome.Done<>(work.apply(item)))
        .toList();
  }

  private void begun(int count) {
    Await.until("group " + count + " is begun: " + groups, () -> groups.size() >= count);
  }

  /// Has a group of one item be written until [#gate] is opened.
  private CompletableFuture<String> block(String key) {
    var blocked = commit.submitAsync(key, "block");
    begun(1);
    return blocked;
  }

  @Test
  void theFirstOfAKeyIsWrittenAtOnceAndWhatComesMeanwhileTogether() {
    useOneLane(Duration.ofMillis(1));
    var first = commit.submitAsync("a", "1");
    begun(1);
    var rest = List.of("2", "3", "4").stream().map(item -> commit.submitAsync("a", item)).toList();
    gate.release(2);
    assertThat(first.join()).isEqualTo("1!");
    assertThat(rest).extracting(CompletableFuture::join).containsExactly("2!", "3!", "4!");
    assertThat(groups).containsExactly(List.of("1"), List.of("2", "3", "4"));
  }

  @Test
  void itemsOfManyKeysAreWrittenTogether() {
    useOneLane(FOR_EVER);
    block("x");
    var rest = List.of("a", "b", "c").stream().map(key -> commit.submitAsync(key, key)).toList();
    gate.release(2);
    assertThat(rest).extracting(CompletableFuture::join).containsExactly("a!", "b!", "c!");
    assertThat(groups).containsExactly(List.of("block"), List.of("a", "b", "c"));
  }

  @Test
  void enoughBytesEndThePause() {
    use(FOR_EVER, 10, 256, 1_000, 1_000);
    gate.release(2);
    assertThat(commit.submit("a", "first")).isEqualTo("first!");
    var one = commit.submitAsync("a", "1234");
    var two = commit.submitAsync("a", "5678");
    var three = commit.submitAsync("a", "90");
    assertThat(three.join()).isEqualTo("90!");
    assertThat(one).isCompletedWithValue("1234!");
    assertThat(two).isCompletedWithValue("5678!");
    assertThat(groups).containsExactly(List.of("first"), List.of("1234", "5678", "90"));
  }

  @Test
  void aGroupHasABound() {
    use(Duration.ofMillis(1), 1_000, 2, 1_000, 1_000);
    block("x");
    var all = new ArrayList<CompletableFuture<String>>();
    for (var item : List.of("1", "2", "3")) {
      all.add(commit.submitAsync("a", "a" + item));
    }
    all.add(commit.submitAsync("b", "b1"));
    gate.release(10);
    assertThat(all).extracting(CompletableFuture::join).containsExactly("a1!", "a2!", "a3!", "b1!");
    assertThat(groups).hasSize(3).allSatisfy(group -> assertThat(group).hasSizeLessThan(3));
  }

  @Test
  void moreThanMayWaitIsRefused() {
    use(Duration.ofMillis(1), 1_000, 256, 10, 16);
    block("x");
    var all = new ArrayList<CompletableFuture<String>>();
    all.add(commit.submitAsync("a", "12345"));
    all.add(commit.submitAsync("a", "6789"));
    assertThatThrownBy(() -> commit.submitAsync("a", "too much"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("unwritten_bytes_of_one_key");
    assertThatThrownBy(() -> commit.submitAsync("b", "too much"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("limit=unwritten_bytes,");
    gate.release(10);
    assertThat(all).extracting(CompletableFuture::join).containsExactly("12345!", "6789!");
    // Larger than anything that may wait, but alone.
    assertThat(commit.submit("b", "x".repeat(100))).hasSize(101);
    assertThat(metrics.scrape())
        .contains("agentserver_group_waiting_bytes{name=\"test\",service=\"test\"} 0.0");
  }

  @Test
  void oneBadItemFailsAlone() {
    useOneLane(Duration.ofMillis(1));
    work =
        item -> {
          if (item.equals("bad")) {
            throw new IllegalStateException("it is bad");
          }
          return item + "!";
        };
    block("x");
    var good = new ArrayList<CompletableFuture<String>>();
    for (var i = 0; i < 9; i++) {
      good.add(commit.submitAsync("k" + i, "good " + i));
    }
    var bad = commit.submitAsync("k4", "bad");
    gate.release(100);
    assertThat(good).extracting(CompletableFuture::join).allMatch(item -> item.endsWith("!"));
    assertThat(bad).failsWithin(FOR_EVER).withThrowableThat().withMessageContaining("it is bad");
  }

  @Test
  void aDatabaseThatIsAwayIsNotAskedAgainForEachItem() {
    useOneLane(Duration.ofMillis(1));
    block("x");
    work =
        _ -> {
          throw new DataAccessException("gone", new SQLException("gone", "08006"));
        };
    var one = commit.submitAsync("a", "1");
    var two = commit.submitAsync("b", "2");
    gate.release(100);
    assertThat(one).failsWithin(FOR_EVER).withThrowableThat().withMessageContaining("gone");
    assertThat(two).failsWithin(FOR_EVER).withThrowableThat().withMessageContaining("gone");
    assertThat(groups).hasSize(2);
  }

  @Test
  void whateverAGroupThrowsItsLaneGoesOn() {
    work =
        _ -> {
          throw new StackOverflowError();
        };
    gate.release(100);
    assertThatThrownBy(() -> commit.submit("a", "1")).isInstanceOf(IllegalStateException.class);
    work = UnaryOperator.identity();
    assertThat(commit.submit("a", "2")).isEqualTo("2");
  }

  @Test
  void anOutcomeThatFailsIsThatOfItsItem() {
    try (var other =
        GroupCommit.<String, String, String>open(
            "other",
            metrics,
            DEFAULTS,
            String::length,
            group ->
                group.stream()
                    .<Outcome<String>>map(
                        _ -> new Outcome.Failed<>(new IllegalStateException("refused")))
                    .toList())) {
      assertThatThrownBy(() -> other.submit("a", "1")).hasMessage("refused");
    }
    try (var forgetful =
        GroupCommit.<String, String, String>open(
            "forgetful", metrics, DEFAULTS, String::length, _ -> List.of())) {
      assertThatThrownBy(() -> forgetful.submit("a", "1")).hasMessage("0 outcomes for 1 items");
    }
  }

  @Test
  void anInterruptEndsTheWaitAndNotTheWork() {
    useOneLane(FOR_EVER);
    var end = new AtomicReference<Throwable>();
    var thread =
        Thread.ofVirtual()
            .uncaughtExceptionHandler((_, failure) -> end.set(failure))
            .start(() -> commit.submit("a", "1"));
    begun(1);
    thread.interrupt();
    Await.until("it ends", () -> end.get() != null);
    assertThat(end.get()).isInstanceOf(Cancelled.class);
    var after = commit.submitAsync("b", "2");
    gate.release(2);
    assertThat(after.join()).isEqualTo("2!");
    assertThat(groups).containsExactly(List.of("1"), List.of("2"));
  }

  @Test
  void whatWaitsIsWrittenBeforeTheEnd() {
    useOneLane(FOR_EVER);
    gate.release(10);
    commit.submit("a", "1");
    var waiting = commit.submitAsync("a", "2");
    assertThat(waiting).isNotDone();
    commit.close();
    assertThat(waiting.join()).isEqualTo("2!");
    assertThatThrownBy(() -> commit.submit("a", "3")).hasMessageContaining("Unavailable");
  }
}
