package dev.agentserver.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
  @TempDir Path directory;

  /// The JVM archives classes of jars only; those of this test are not in one.
  @Test
  void classesThatCannotBeArchivedAreNoFailureAndLeaveNothing() throws InterruptedException {
    ClassArchive.writeLater(directory.resolve("classes.jsa"), Duration.ZERO).join();
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
