package dev.agentserver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.agentserver.file.s3.S3ObjectStore;
import dev.agentserver.file.test.TestStore;
import dev.agentserver.kit.test.FreePort;
import dev.agentserver.kit.test.LogCapture;
import dev.agentserver.objectstore.EmbeddedObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of a store that goes away, by whom and when.
class StoreCheckTest {
  @TempDir Path directory;

  @Test
  void thatTheStoreIsAwayIsSaidWhenItStaysAway() {
    var server = start(FreePort.find());
    var config = TestStore.config(server.endpoint(), server.endpoint());
    try (var said = LogCapture.of(StoreCheck.class);
        var store = new S3ObjectStore(config, Clock.systemUTC())) {
      var check = new StoreCheck(store, () -> false);
      check.run();
      server.close();
      check.run();
      assertThat(check.fault()).as("health has it at once").isPresent();
      assertThat(said.lines()).isEmpty();
      check.run();
      check.run();
      assertThat(said.lines())
          .singleElement()
          .extracting(ILoggingEvent::getFormattedMessage)
          .asString()
          .startsWith("the object store is away: ");

      server = start(server.endpoint().getPort());
      check.run();
      check.run();
      assertThat(check.fault()).isEmpty();
      assertThat(said.lines()).hasSize(2);
      assertThat(said.lines().getLast().getFormattedMessage())
          .isEqualTo("the object store is there again");
    } finally {
      server.close();
    }
  }

  @Test
  void aServiceIsNotReadyBeforeItsStoreWasThere() {
    var server = start(FreePort.find());
    var config = TestStore.config(server.endpoint(), server.endpoint());
    server.close();
    try (var store = new S3ObjectStore(config, Clock.systemUTC())) {
      var check = new StoreCheck(store, () -> true);
      assertThatThrownBy(check::run).isInstanceOf(IllegalStateException.class);
    }
  }

  private EmbeddedObjectStore start(int port) {
    return EmbeddedObjectStore.start(directory, port, TestStore.ACCESS_KEY, TestStore.SECRET_KEY);
  }
}
