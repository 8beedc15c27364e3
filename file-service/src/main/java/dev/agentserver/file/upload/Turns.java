package dev.agentserver.file.upload;

import dev.agentserver.kit.identity.Caller;
import dev.agentserver.kit.problem.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One request at a time continues an upload. The next one asks the one before to yield: its client
/// is most likely gone, and did not say so. Requests at other processes are fenced by the epoch.
final class Turns {
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition over = lock.newCondition();
  private final Map<Key, Turn> taken = new HashMap<>();

  /// Whoever asks for an upload that is another's disturbs nobody.
  private record Key(UUID tenant, UUID owner, UUID upload) {}

  /// @param patience how long a request waits for the one before
  Turns(Duration patience) {
    this.patience = patience;
  }

  /// Of one request, until it is closed.
  final class Turn implements AutoCloseable {
    private final Key key;
    private final Runnable yielding;
    private volatile boolean asked;

    private Turn(Key key, Runnable yielding) {
      this.key = key;
      this.yielding = yielding;
    }

    /// Whether another request waits.
    boolean isAsked() {
      return asked;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (taken.remove(key, this)) {
          over.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /// @param yielding makes the request that has the turn come to its end soon; may be called by any
  ///     thread
  Turn take(Caller caller, UUID upload, Runnable yielding) {
    var key = new Key(caller.tenantId(), caller.principalId(), upload);
    var left = patience.toNanos();
    lock.lock();
    try {
      while (taken.containsKey(key)) {
        ask(taken.get(key));
        if (left <= 0) {
          throw locked(upload);
        }
        left = over.awaitNanos(left);
      }
      var turn = new Turn(key, yielding);
      taken.put(key, turn);
      return turn;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw locked(upload);
    } finally {
      lock.unlock();
    }
  }

  private static void ask(Turn before) {
    if (!before.asked) {
      before.asked = true;
      before.yielding.run();
    }
  }

  /// Another request has the upload.
  static RuntimeException locked(UUID upload) {
    return new Problem.Refused(
            "UPLOAD_LOCKED",
            "another request continues the upload " + upload,
            Map.of("id", upload.toString()))
        .raise();
  }
}
