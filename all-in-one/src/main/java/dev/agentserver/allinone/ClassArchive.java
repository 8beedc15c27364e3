package dev.agentserver.allinone;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the classes in the form they have once loaded, so that the next start need not parse and
/// verify them again: half of what a start costs. The JVM writes the archive in a process of its
/// own; that takes some seconds, so it is done once per build and only when the start is long over.
final class ClassArchive {
  private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

  private ClassArchive() {}

  /// Writes the archive later, in the background. A process that ends before simply has not.
  static Thread writeLater(Path file, Duration calm) {
    return Thread.ofPlatform().daemon().name("class-archive").start(() -> waitAndWrite(file, calm));
  }

  private static void waitAndWrite(Path file, Duration calm) {
    try {
      Thread.sleep(calm);
      write(file);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException | JMException | RuntimeException failure) { // of the JVM: not documented
      LOG.info("the classes could not be archived; the next start is as slow as this one", failure);
    }
  }

  private static void write(Path file) throws IOException, JMException {
    var draft = file.resolveSibling(file.getFileName() + ".new");
    try {
      dump(draft);
    } finally {
      // What the JVM leaves in the working directory.
      var left = "java_pid" + ProcessHandle.current().pid();
      Files.deleteIfExists(Path.of(left + "_stdout"));
      Files.deleteIfExists(Path.of(left + "_stderr"));
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void dump(Path file) throws JMException {
    var arguments = new String[] {"static_dump", file.toString()};
    ManagementFactory.getPlatformMBeanServer()
        .invoke(
            new ObjectName("com.sun.management:type=DiagnosticCommand"),
            "vmCds",
            new Object[] {arguments},
            new String[] {String[].class.getName()});
  }
}
