package dev.agentserver.kit.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.kit.observe.Metrics;
import dev.agentserver.kit.test.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WithdrawTest {
  private static final Duration FOR_EVER = Duration.ofDays(1);

  private final Metrics metrics = new Metrics("test");
  private final Map<String, List<Integer>> written = new ConcurrentHashMap<>();
  private final CountDownLatch mayWrite = new CountDownLatch(1);
  private volatile boolean writing;

  private record Numbered(String key, int number) {}

  @AfterEach
  void close() {
    metrics.close();
  }

  private GroupCommit<String, Numbered, Integer> open(Duration pause) {
    var limits = new GroupCommitLimits(pause, 4_096, 2, 16, 1_000_000, 10_000_000);
    return GroupCommit.open("test", metrics, limits, _ -> 10, this::flush);
  }

  private List<Outcome<Integer>> flush(List<Numbered> group) {
    writing = true;
    Await.latch(mayWrite);
    return apply(group);
  }

  private List<Outcome<Integer>> apply(List<Numbered> items) {
    return items.stream()
        .<Outcome<Integer>>map(
            item -> {
              written
                  .computeIfAbsent(item.key(), _ -> new CopyOnWriteArrayList<>())
                  .add(item.number());
              return new Outcome.Done<>(item.number());
            })
        .toList();
  }

  private static CompletableFuture<Integer> submit(
      GroupCommit<String, Numbered, Integer> commit, String key, int number) {
    return commit.submitAsync(key, new Numbered(key, number));
  }

  @Test
  void whatWaitsIsHandedOverOnceAndItsWritersAreToldByWhoeverTookIt() {
    mayWrite.countDown();
    try (var commit = open(FOR_EVER)) {
      submit(commit, "a", 0).join();
      var waiting = List.of(submit(commit, "a", 1), submit(commit, "a", 2));
      try (var taken = commit.withdraw("a")) {
        assertThat(taken.items()).extracting(Numbered::number).containsExactly(1, 2);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        taken.settle(apply(taken.items()));
        assertThat(taken.items()).isEmpty();
      }
      assertThat(waiting).extracting(CompletableFuture::join).containsExactly(1, 2);
      try (var again = commit.withdraw("a")) {
        assertThat(again.items()).isEmpty();
      }
    }
    assertThat(written.get("a")).containsExactly(0, 1, 2);
  }

  @Test
  void whatIsBeingWrittenIsWaitedFor() throws Exception {
    try (var commit = open(FOR_EVER);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = submit(commit, "a", 0);
      Await.until("it is being written", () -> writing);
      var second = submit(commit, "a", 1);
      var taking =
          threads.submit(
              () -> {
                try (var taken = commit.withdraw("a")) {
                  assertThat(first).isDone();
                  taken.settle(apply(taken.items()));
                  return taken;
                }
              });
      assertThat(taking.isDone()).isFalse();
      mayWrite.countDown();
      taking.get();
      assertThat(second.join()).isEqualTo(1);
    }
    assertThat(written.get("a")).containsExactly(0, 1);
  }

  @Test
  void nothingOfTheKeyIsWrittenUntilTheOtherTransactionIsDone() {
    mayWrite.countDown();
    try (var commit = open(Duration.ofMillis(1))) {
      CompletableFuture<Integer> later;
      try (var taken = commit.withdraw("a")) {
        later = submit(commit, "a", 7);
        // Keys that share the lane are not held up.
        for (var i = 0; i < 8; i++) {
          submit(commit, "other " + i, i).join();
        }
        assertThat(later).isNotDone();
        assertThat(taken.items()).isEmpty();
      }
      assertThat(later.join()).isEqualTo(7);
    }
  }

  @Test
  void whatWasNotWrittenAfterAllIsPutBackInFront() {
    mayWrite.countDown();
    try (var commit = open(FOR_EVER)) {
      submit(commit, "a", 0).join();
      submit(commit, "a", 1);
      submit(commit, "a", 2);
      try (var taken = commit.withdraw("a")) {
        assertThat(taken.items()).hasSize(2);
        submit(commit, "a", 3);
      }
      try (var taken = commit.withdraw("a")) {
        assertThat(taken.items()).extracting(Numbered::number).containsExactly(1, 2, 3);
      }
    }
    assertThat(written.get("a")).containsExactly(0, 1, 2, 3);
  }

  @Test
  void everyItemIsWrittenOnceAndInOrderWhoeverWritesIt() throws Exception {
    mayWrite.countDown();
    var keys = IntStream.range(0, 6).mapToObj(i -> "key " + i).toList();
    try (var commit = open(Duration.ofMillis(1));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var work = new ArrayList<Future<?>>();
      for (var key : keys) {
        work.add(threads.submit(() -> submitAll(commit, key)));
        work.add(threads.submit(() -> withdrawSome(commit, key)));
        work.add(threads.submit(() -> withdrawSome(commit, key)));
      }
      for (var each : work) {
        each.get();
      }
    }
    var all = IntStream.range(0, 500).boxed().toList();
    assertThat(keys).allSatisfy(key -> assertThat(written.get(key)).isEqualTo(all));
  }

  private static void submitAll(GroupCommit<String, Numbered, Integer> commit, String key) {
    var pending = new ArrayList<CompletableFuture<Integer>>();
    for (var i = 0; i < 500; i++) {
      pending.add(submit(commit, key, i));
      if (i % 7 == 0) {
        pending.getLast().join();
      }
    }
    for (var i = 0; i < 500; i++) {
      assertThat(pending.get(i).join()).isEqualTo(i);
    }
  }

  /// Takes, and now and then gives back.
  private void withdrawSome(GroupCommit<String, Numbered, Integer> commit, String key) {
    for (var i = 0; i < 100; i++) {
      try (var taken = commit.withdraw(key)) {
        if (i % 3 != 0) {
          taken.settle(apply(taken.items()));
        }
      }
    }
  }
}
