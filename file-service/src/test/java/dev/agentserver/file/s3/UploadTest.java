package dev.agentserver.file.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.object.PartPool;
import dev.agentserver.file.test.Bytes;
import dev.agentserver.file.test.TestStore;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UploadTest {
  private static final int PART = PartPool.LEAST;
  private static final int BUFFERS = 4;
  private static final int UPLOADS = 50;
  private ObjectStore store;

  @BeforeEach
  void open() {
    store = TestStore.open();
  }

  @AfterEach
  void nothingIsHeld() {
    assertThat(store.buffers().available()).isEqualTo(BUFFERS);
    store.close();
  }

  @Test
  void fiftyAtOnceShareTheBuffersAndAllArrive() throws Exception {
    var large = Bytes.random(2 * PART + 1, 1);
    var middling = Bytes.random(100_000, 2);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var digests = new ArrayList<Future<?>>();
      for (var n = 0; n < UPLOADS; n++) {
        var key = "many/" + n;
        var bytes = n % 10 == 0 ? large : middling;
        digests.add(
            threads.submit(
                () -> {
                  try (var upload = store.upload(key)) {
                    upload.write(bytes, 0, bytes.length);
                    assertThat(upload.finish()).isEqualTo(Bytes.digest(bytes));
                  }
                }));
      }
      for (var digest : digests) {
        digest.get();
      }
    }
    assertThat(store.list("many/", null, 1_000)).hasSize(UPLOADS);
    assertThat(store.digest("many/0")).contains(Bytes.digest(large));
  }

  @Test
  void theBuffersAreNeverMoreThanTheirNumber() throws Exception {
    var pool = new PartPool(BUFFERS, PART, Duration.ofSeconds(30));
    var seen = ConcurrentHashMap.<byte[]>newKeySet();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var n = 0; n < UPLOADS; n++) {
        threads.submit(
            () -> {
              try (var buffer = pool.take()) {
                seen.add(buffer.bytes());
                Thread.yield();
              }
            });
      }
    }
    assertThat(seen).hasSizeBetween(1, BUFFERS);
  }

  @Test
  void whoFindsNoBufferInTimeIsToldToComeBack() {
    var pool = new PartPool(1, PART, Duration.ofMillis(10));
    try (var _ = pool.take()) {
      assertThatThrownBy(pool::take)
          .isInstanceOfSatisfying(
              ProblemException.class,
              refusal ->
                  assertThat(refusal.problem())
                      .isInstanceOfSatisfying(
                          Problem.Overloaded.class,
                          problem -> assertThat(problem.limit()).isEqualTo("upload-parts")));
    }
    pool.take().close();
    assertThat(pool.available()).isEqualTo(1);
  }

  @Test
  void whatIsNotFinishedLeavesNothing() {
    for (var length : new int[] {0, 10, PART + 1, 3 * PART + 1}) {
      try (var upload = store.upload("dropped")) {
        upload.write(Bytes.random(length, 1), 0, length);
        assertThat(upload.length()).isEqualTo(length);
      }
      assertThat(store.list("", null, 10)).isEmpty();
      assertThat(store.unfinished("", null, 10)).isEmpty();
    }
  }

  @Test
  void anInterruptEndsAnUploadAndLeavesNothing() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var upload =
          threads.submit(
              () -> {
                var bytes = Bytes.random(PART, 1);
                try (var open = store.upload("interrupted")) {
                  open.write(bytes, 0, PART);
                  open.write(bytes, 0, PART);
                  Thread.currentThread().interrupt();
                  open.write(bytes, 0, PART);
                  return open.finish();
                }
              });
      assertThatThrownBy(upload::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(ProblemException.class);
    }
    assertThat(store.list("", null, 10)).isEmpty();
    assertThat(store.unfinished("", null, 10)).isEmpty();
  }
}
