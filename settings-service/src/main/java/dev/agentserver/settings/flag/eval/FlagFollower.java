package dev.agentserver.settings.flag.eval;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.eventlog.Bells;
import dev.agentserver.kit.eventlog.Subscription;
import dev.agentserver.settings.history.Space;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the flags in memory up to date: when a bell rings, and every second all the same.
public final class FlagFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FlagFollower.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration IDLE = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Snapshots snapshots;
  private final Subscription bell;
  private final Thread thread;
  private volatile boolean open = true;
  private boolean failing;

  private FlagFollower(Snapshots snapshots, Bells bells) {
    this.snapshots = snapshots;
    this.bell = bells.subscribe(Space.FLAG.anyTenant());
    this.thread = Thread.ofVirtual().name("flags").unstarted(this::follow);
  }

  public static FlagFollower start(Snapshots snapshots, Bells bells) {
    var follower = new FlagFollower(snapshots, bells);
    follower.thread.start();
    return follower;
  }

  private void follow() {
    try {
      while (open) {
        refresh();
        bell.await(LOOK);
      }
    } catch (Cancelled _) {
      // Closing.
    }
  }

  private void refresh() {
    try {
      snapshots.refresh();
      snapshots.forget(IDLE);
      failing = false;
    } catch (RuntimeException failure) {
      if (open && !failing) {
        LOG.warn("flags cannot be read now; those in memory go on", failure);
      }
      failing = true;
    }
  }

  /// Waits for the statement at hand.
  @Override
  public void close() {
    open = false;
    bell.ring();
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    bell.close();
  }
}
