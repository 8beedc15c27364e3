package dev.agentserver.commandline.transfer;

import dev.agentserver.commandline.history.History;
import dev.agentserver.commandline.source.HistorySource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/// Reads a source once and works on several conversations at a time. The reading waits while all
/// hands are busy, so what is in memory is bounded; the first failure ends the pass.
final class Pass implements HistorySource.Taker, AutoCloseable {
  /// What is done with a conversation.
  interface Work {
    void on(History history) throws IOException;
  }

  /// What is done with one that was not understood.
  interface Refusal {
    void on(String oldId, String why) throws IOException;
  }

  private final int hands;
  private final Work work;
  private final Refusal refusal;
  private final Semaphore free;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  Pass(int hands, Work work, Refusal refusal) {
    this.hands = hands;
    this.work = work;
    this.refusal = refusal;
    this.free = new Semaphore(hands);
  }

  void over(HistorySource source) throws IOException {
    source.readAll(this);
    acquire(hands);
    check();
  }

  @Override
  public void take(History history) throws IOException {
    acquire(1);
    check();
    threads.execute(
        () -> {
          try {
            work.on(history);
          } catch (IOException | RuntimeException | Error problem) {
            failure.compareAndSet(null, problem);
          } finally {
            free.release();
          }
        });
  }

  @Override
  public void refused(String oldId, String why) throws IOException {
    refusal.on(oldId, why);
  }

  private void acquire(int count) throws InterruptedIOException {
    try {
      free.acquire(count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  private void check() throws IOException {
    switch (failure.get()) {
      case null -> {}
      case IOException problem -> throw problem;
      case RuntimeException problem -> throw problem;
      case Error problem -> throw problem;
      case Throwable problem -> throw new UncheckedIOException(new IOException(problem));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
