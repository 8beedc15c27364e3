package dev.agentserver.file.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.test.Bytes;
import dev.agentserver.file.test.SmallDisk;
import dev.agentserver.file.test.TestStore;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.objectstore.EmbeddedObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The embedded store on a small disk in memory; skipped where this process may not mount one.
class FullStoreTest {
  private static final int MIB = 1 << 20;

  @TempDir Path directory;

  @BeforeEach
  void mount() {
    assumeTrue(SmallDisk.mount(directory), "this process may not mount a file system");
  }

  @AfterEach
  void unmount() {
    SmallDisk.unmount(directory);
  }

  @Test
  void aFullStoreRefusesAndLeavesNothingHalfDoneAndWorksWhenThereIsRoom() {
    try (var server =
            EmbeddedObjectStore.start(directory, 0, TestStore.ACCESS_KEY, TestStore.SECRET_KEY);
        var store =
            TestStore.open(
                TestStore.config(server.endpoint(), server.endpoint(), TestStore.SECRET_KEY))) {
      upload(store, "kept", 2 * MIB);
      assertThatThrownBy(() -> upload(store, "parts", 30 * MIB))
          .isInstanceOfSatisfying(
              ProblemException.class,
              refusal ->
                  assertThat(refusal.problem())
                      .isInstanceOfSatisfying(
                          Problem.Overloaded.class,
                          problem -> assertThat(problem.limit()).isEqualTo("object-store")));
      // There is room for its parts, and none to join them.
      assertThatThrownBy(() -> upload(store, "joined", 15 * MIB))
          .isInstanceOfSatisfying(
              ProblemException.class,
              refusal -> assertThat(refusal.problem()).isInstanceOf(Problem.Unavailable.class));
      assertThat(store.list("", null, 10)).extracting(found -> found.key()).containsOnly("kept");
      assertThat(store.unfinished("", null, 10)).isEmpty();
      upload(store, "again", 2 * MIB);
    }
  }

  private static void upload(ObjectStore store, String key, int length) {
    var bytes = Bytes.random(length, length);
    try (var upload = store.upload(key)) {
      upload.write(bytes, 0, length);
      assertThat(upload.finish()).isEqualTo(Bytes.digest(bytes));
    }
  }
}
