package dev.agentserver.settings.revocation;

import dev.agentserver.kit.cancel.Cancelled;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps what this process refuses up to date from its own table: at once with what it revokes
/// itself, within a second with what other replicas do.
public final class RevocationFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationFollower.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Revocations revocations;
  private final Thread thread;
  private volatile boolean open = true;
  private boolean failing;

  private RevocationFollower(Revocations revocations) {
    this.revocations = revocations;
    this.thread = Thread.ofVirtual().name("own-revocations").unstarted(this::follow);
  }

  public static RevocationFollower start(Revocations revocations) {
    var follower = new RevocationFollower(revocations);
    follower.thread.start();
    return follower;
  }

  private void follow() {
    try {
      while (open) {
        var rings = revocations.rings();
        refresh();
        revocations.awaitNext(rings);
      }
    } catch (Cancelled _) {
      // Closing.
    }
  }

  private void refresh() {
    try {
      revocations.refresh();
      failing = false;
    } catch (RuntimeException failure) {
      if (open && !failing) {
        LOG.warn("revocations cannot be read now", failure);
      }
      failing = true;
    }
  }

  /// Waits for the statement at hand.
  @Override
  public void close() {
    open = false;
    revocations.wake();
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
