package dev.agentserver.allinone;

import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.kit.config.Environment;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// One run of the process: starts, says so, waits for a signal, and stops what it started.
final class Launcher {
  private static final int FAILED = 1;
  private static final Duration CALM = Duration.ofSeconds(20);

  private final PrintStream out;
  private final PrintStream err;
  private final Progress progress;
  private final Opened opened = new Opened();
  private final CountDownLatch startEnded = new CountDownLatch(1);
  private volatile boolean started;
  private volatile boolean stopping;

  Launcher(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
    this.progress = new Progress(out, System::nanoTime);
  }

  /// Returns only when the start fails; otherwise the process ends by a signal.
  int run(Settings settings, Environment environment) {
    var starter = Thread.currentThread();
    var hook = new Thread(() -> stop(starter), "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      var welcome = AllInOne.start(settings, environment, opened, progress);
      started = true;
      out.print(welcome.text());
      out.flush();
      if (settings.classArchive() != null) {
        ClassArchive.writeLater(settings.classArchive(), CALM);
      }
    } catch (StartFailure | IllegalArgumentException | UncheckedIOException failure) {
      return failed(failure.getMessage());
    } finally {
      startEnded.countDown();
    }
    return waitForSignal();
  }

  private int failed(String message) {
    progress.breakOff();
    if (!stopping) {
      err.println("Agent Server does not start. " + message);
    }
    return FAILED;
  }

  /// The hook ends what has been started, also when it was a signal that broke off the start.
  private void stop(Thread starter) {
    stopping = true;
    starter.interrupt();
    try {
      startEnded.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (started) {
      out.println("stopping ...");
    }
    opened.close();
    ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    if (started) {
      out.println("stopped");
    }
  }

  private int waitForSignal() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }
}
