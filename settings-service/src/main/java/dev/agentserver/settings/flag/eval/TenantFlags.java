package dev.agentserver.settings.flag.eval;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.settings.history.Item;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The flags of one tenant in memory, and those who wait for them to change.
final class TenantFlags {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile @Nullable State state;
  private volatile long used = System.nanoTime();
  private int waiting;

  private record State(Rows own, Rows platform, Map<String, FlagSet> byEnvironment) {
    /// An environment that nothing is kept for is like all the others.
    FlagSet in(String environment) {
      var own = byEnvironment.get(environment);
      return own != null ? own : byEnvironment.get(Item.ALL);
    }
  }

  boolean isLoaded() {
    return state != null;
  }

  /// Whether these are not what is kept now.
  boolean isBehind(long own, long platform) {
    var now = state;
    return now == null || now.own().revision() < own || now.platform().revision() != platform;
  }

  /// Takes what was read, unless something later was taken meanwhile.
  void take(Rows own, Rows platform) {
    lock.lock();
    try {
      var before = state;
      if (before != null
          && (own.revision() < before.own().revision()
              || platform.revision() < before.platform().revision())) {
        return;
      }
      var layers = new Layers(own.flags(), platform.flags());
      var sets = new HashMap<String, FlagSet>();
      for (var environment : layers.environments()) {
        sets.put(
            environment, layers.in(environment, before == null ? null : before.in(environment)));
      }
      state = new State(own, platform, Map.copyOf(sets));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  FlagSet in(String environment) {
    used = System.nanoTime();
    var now = state;
    if (now == null) {
      throw new IllegalStateException("the flags have not been read");
    }
    return now.in(environment);
  }

  /// Waits until the flags are not those that the caller has, `patience` at most.
  FlagSet after(FlagSet seen, String environment, Duration patience) {
    lock.lock();
    try {
      waiting++;
      var nanos = patience.toNanos();
      while (in(environment) == seen && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return in(environment);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Cancelled();
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /// Whether nobody has asked for them for so long, and nobody waits.
  boolean isIdle(Duration time) {
    lock.lock();
    try {
      return waiting == 0 && System.nanoTime() - used > time.toNanos();
    } finally {
      lock.unlock();
    }
  }
}
