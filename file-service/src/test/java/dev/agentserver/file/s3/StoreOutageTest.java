package dev.agentserver.file.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.object.PartPool;
import dev.agentserver.file.test.Bytes;
import dev.agentserver.file.test.TestStore;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import dev.agentserver.kit.test.FreePort;
import dev.agentserver.objectstore.EmbeddedObjectStore;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The store goes away, comes back, or is there and says nothing.
class StoreOutageTest {
  private static final int PART = PartPool.LEAST;

  @TempDir Path directory;

  @Test
  void aStoreThatStopsInTheMiddleIsUnavailableAndWorksWhenItIsBack() {
    var server = start(FreePort.find());
    var port = server.endpoint().getPort();
    try (var store = TestStore.open(config(server.endpoint()))) {
      var bytes = Bytes.random(PART, 1);
      try (var upload = store.upload("broken")) {
        upload.write(bytes, 0, PART);
        upload.write(bytes, 0, PART);
        server.close();
        assertUnavailable(
            () -> {
              upload.write(bytes, 0, PART);
              upload.write(bytes, 0, PART);
              upload.finish();
            });
      }
      assertUnavailable(() -> store.head("broken"));
      assertUnavailable(() -> store.list("", null, 10));
      assertThat(store.buffers().available()).isEqualTo(4);

      server = start(port);
      assertThat(store.head("broken")).isEmpty();
      store.unfinished("", null, 10).forEach(store::abort);
      assertWorks(store, bytes);
      assertThat(store.unfinished("", null, 10)).isEmpty();
    } finally {
      server.close();
    }
  }

  @Test
  void aStoreThatSaysNothingIsGivenUp() throws IOException {
    try (var silent = new ServerSocket(0);
        var store = silentlyConfigured(silent)) {
      assertUnavailable(() -> store.head("any"));
      assertUnavailable(() -> store.read("any", 0, 10));
      assertUnavailable(
          () -> {
            try (var upload = store.upload("any")) {
              upload.write(new byte[10], 0, 10);
              upload.finish();
            }
          });
    }
  }

  @Test
  void whatWasAcknowledgedIsThereAfterARestart() {
    var bytes = Bytes.random(2 * PART + 1, 2);
    var server = start(FreePort.find());
    try (var store = TestStore.open(config(server.endpoint()))) {
      try (var upload = store.upload("kept")) {
        upload.write(bytes, 0, bytes.length);
        upload.finish();
      }
      server.close();
      server = start(server.endpoint().getPort());
      assertThat(store.digest("kept")).contains(Bytes.digest(bytes));
    } finally {
      server.close();
    }
  }

  private static void assertWorks(ObjectStore store, byte[] bytes) {
    try (var upload = store.upload("works")) {
      upload.write(bytes, 0, bytes.length);
      assertThat(upload.finish()).isEqualTo(Bytes.digest(bytes));
    }
  }

  private EmbeddedObjectStore start(int port) {
    return EmbeddedObjectStore.start(directory, port, TestStore.ACCESS_KEY, TestStore.SECRET_KEY);
  }

  private static S3Config config(URI endpoint) {
    return TestStore.config(endpoint, endpoint, TestStore.SECRET_KEY);
  }

  private static ObjectStore silentlyConfigured(ServerSocket silent) {
    var usual = config(URI.create("http://127.0.0.1:" + silent.getLocalPort()));
    return new S3ObjectStore(
        new S3Config(
            usual.endpoint(),
            usual.publicEndpoint(),
            usual.region(),
            usual.bucket(),
            usual.accessKey(),
            usual.secretKey(),
            Duration.ofMillis(200),
            Duration.ofMillis(200),
            1,
            Duration.ofSeconds(1)),
        Clock.systemUTC());
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ProblemException.class,
            refusal ->
                assertThat(refusal.problem())
                    .isInstanceOfSatisfying(
                        Problem.Unavailable.class,
                        problem -> assertThat(problem.dependency()).isEqualTo("object-store")));
  }
}
