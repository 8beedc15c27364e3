package dev.agentserver.file.object;

import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The buffers that all uploads of a process share: their number is what uploads cost in memory,
/// however many there are. Who finds none waits, in the order of asking, for a while.
///
/// Whoever waits here must hold no buffer that he fills himself, or all could wait for each other.
public final class PartPool {
  /// What S3 asks of every part but the last.
  public static final int LEAST = 5 << 20;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final int size;
  private final Duration patience;
  private final Semaphore free;
  private final Deque<byte[]> idle = new ArrayDeque<>();

  /// @param count how many buffers there are
  /// @param size of each, in bytes
  /// @param patience how long an upload waits for one
  public PartPool(int count, int size, Duration patience) {
    if (size < LEAST) {
      throw new IllegalArgumentException("a part is at least " + LEAST + " bytes");
    }
    this.size = size;
    this.patience = patience;
    this.free = new Semaphore(count, true);
  }

  /// Takes a buffer; closing it gives it back.
  public PartBuffer take() {
    try {
      if (!free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new Problem.Overloaded("upload-parts", RETRY_AFTER).raise();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Problem.Unavailable("upload-parts", RETRY_AFTER).raise();
    }
    return new PartBuffer(bytes(), this);
  }

  /// The bytes of a whole buffer.
  public int partSize() {
    return size;
  }

  /// How many nobody holds.
  public int available() {
    return free.availablePermits();
  }

  void giveBack(byte[] bytes) {
    synchronized (idle) {
      idle.push(bytes);
    }
    free.release();
  }

  private byte[] bytes() {
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return new byte[size];
  }
}
