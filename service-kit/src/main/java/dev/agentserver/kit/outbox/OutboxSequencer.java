package dev.agentserver.kit.outbox;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives committed facts, and audit entries, their positions. Each process has one; the row of the
/// head lets one work at a time. A process numbers what it wrote at once, and what others left
/// behind within a second.
public final class OutboxSequencer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxSequencer.class);
  private static final int BATCH = 1_000;
  private static final Duration IDLE = Duration.ofSeconds(1);

  /// While somebody waits here for facts that another process may number.
  private static final Duration AWAITED = Duration.ofMillis(100);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Outbox outbox;
  private final Thread thread;
  private volatile boolean open = true;
  private boolean failing;

  private OutboxSequencer(Outbox outbox) {
    this.outbox = outbox;
    this.thread = Thread.ofVirtual().name("outbox-sequencer").unstarted(this::work);
  }

  public static OutboxSequencer start(Outbox outbox) {
    var sequencer = new OutboxSequencer(outbox);
    sequencer.thread.start();
    return sequencer;
  }

  private void work() {
    try {
      while (open) {
        numberOrReport();
        outbox.awaitWork(AWAITED, IDLE);
      }
    } catch (InterruptedException interrupted) {
      LOG.warn("the sequencer was interrupted and ends", interrupted);
    }
  }

  /// A database that is away comes back; nothing is lost meanwhile, only late. The log says so
  /// once, not each second.
  private void numberOrReport() throws InterruptedException {
    try {
      outbox.number(BATCH);
      if (failing) {
        LOG.info("facts are numbered again");
      }
      failing = false;
    } catch (RuntimeException failure) {
      if (open && !failing) {
        LOG.warn("cannot number facts now", failure);
      }
      failing = true;
      if (open) {
        Thread.sleep(IDLE);
      }
    }
  }

  /// Waits for the batch at hand; an interrupt would break its connection.
  @Override
  public void close() {
    open = false;
    outbox.ring();
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
