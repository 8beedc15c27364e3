package dev.agentserver.settings.registry;

import dev.agentserver.kit.cancel.Cancelled;
import dev.agentserver.kit.eventlog.Subscription;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what is in memory up to date: when a bell rings, and every second all the same.
public final class RegistryFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryFollower.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration IDLE = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final List<TenantSnapshots<?>> snapshots;
  private final Subscription bell;
  private final Thread thread;
  private volatile boolean open = true;
  private boolean failing;

  private RegistryFollower(Changes changes) {
    this.snapshots = changes.snapshots();
    this.bell = changes.subscribe();
    this.thread = Thread.ofVirtual().name("registry").unstarted(this::follow);
  }

  public static RegistryFollower start(Changes changes) {
    var follower = new RegistryFollower(changes);
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
      for (var each : snapshots) {
        each.refresh();
        each.forget(IDLE);
      }
      failing = false;
    } catch (RuntimeException failure) {
      if (open && !failing) {
        LOG.warn("the registry cannot be read now; what is in memory goes on", failure);
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
