package dev.agentserver.kit.cancel;

import dev.agentserver.kit.problem.Problem;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The work that one thread does for one call, and the way to stop it from outside: the thread is
/// interrupted.
///
/// An interrupt closes the socket that a virtual thread is reading from. That would cost a database
/// connection each time a caller goes away, so such work runs in [#shielded], which puts the
/// interrupt off until it is done.
public final class Cancellation {
  private static final ThreadLocal<Cancellation> CURRENT = new ThreadLocal<>();

  private final Thread thread = Thread.currentThread();
  private @Nullable Problem why;
  private boolean shielded;
  private boolean ended;

  private Cancellation() {}

  /// Begins work on this thread; it must be ended on this thread.
  public static Cancellation begin() {
    var work = new Cancellation();
    CURRENT.set(work);
    return work;
  }

  /// Runs what an interrupt would damage. A stop that comes meanwhile interrupts the thread
  /// afterwards.
  public static <T> T shielded(Supplier<T> work) {
    var current = CURRENT.get();
    if (current == null || !current.shield()) {
      return work.get();
    }
    try {
      return work.get();
    } finally {
      current.unshield();
    }
  }

  /// Stops the work; `why` is what its caller is told. Only the first stop counts.
  public synchronized void stop(Problem why) {
    if (ended || this.why != null) {
      return;
    }
    this.why = why;
    if (!shielded) {
      thread.interrupt();
    }
  }

  /// Why the work was stopped; null while it was not.
  public synchronized @Nullable Problem why() {
    return why;
  }

  /// Ends the work: a stop after this does nothing, and the thread is left without an interrupt.
  public synchronized void end() {
    ended = true;
    CURRENT.remove();
    Thread.interrupted();
  }

  private synchronized boolean shield() {
    if (shielded) {
      return false;
    }
    if (why != null) {
      throw new Cancelled();
    }
    shielded = true;
    return true;
  }

  private synchronized void unshield() {
    shielded = false;
    if (why != null) {
      thread.interrupt();
    }
  }
}
