package dev.agentserver.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
  @TempDir Path directory;

  /// There is no such directory; beside JaCoCo the JVM writes no archive at all.
  @Test
  void classesThatCannotBeArchivedAreNoFailureAndLeaveNothing() throws InterruptedException {
    var file = directory.resolve("absent").resolve("classes.jsa");
    ClassArchive.writeLater(file, Duration.ZERO).join();
    assertThat(directory).isEmptyDirectory();
    var left = "java_pid" + ProcessHandle.current().pid();
    assertThat(Path.of(left + "_stdout")).doesNotExist();
    assertThat(Path.of(left + "_stderr")).doesNotExist();
  }

  @Test
  void aProcessThatEndsBeforeHasNotWritten() throws InterruptedException {
    var later = ClassArchive.writeLater(directory.resolve("classes.jsa"), Duration.ofDays(1));
    later.interrupt();
    later.join();
    assertThat(directory).isEmptyDirectory();
  }
}
