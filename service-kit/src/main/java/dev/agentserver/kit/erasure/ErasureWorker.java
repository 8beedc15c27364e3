package dev.agentserver.kit.erasure;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out the orders to erase, one after the other: removes in pieces, counts what is left,
/// reports, and looks once more when nobody can have written since.
///
/// It may die at any moment: another process, or the next, goes on when its lease is over.
public final class ErasureWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ErasureWorker.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Erasures erasures;
  private final Eraser eraser;
  private final ErasureReports reports;
  private final Thread thread;
  private volatile boolean open = true;
  private boolean failing;

  private ErasureWorker(Erasures erasures, Eraser eraser, ErasureReports reports) {
    this.erasures = erasures;
    this.eraser = eraser;
    this.reports = reports;
    this.thread = Thread.ofVirtual().name("erasures").unstarted(this::work);
  }

  public static ErasureWorker start(Erasures erasures, Eraser eraser, ErasureReports reports) {
    var worker = new ErasureWorker(erasures, eraser, reports);
    worker.thread.start();
    return worker;
  }

  private void work() {
    try {
      while (open) {
        if (!next()) {
          erasures.await();
        }
      }
    } catch (InterruptedException interrupted) {
      LOG.warn("the erasures were interrupted and end", interrupted);
    }
  }

  /// Returns whether there was anything to do.
  private boolean next() {
    try {
      var order = erasures.claim();
      order.ifPresent(this::carryOut);
      failing = false;
      return order.isPresent();
    } catch (RuntimeException failure) {
      if (open && !failing) {
        LOG.warn("cannot erase now", failure);
      }
      failing = true;
      return false;
    }
  }

  private void carryOut(Erased whom) {
    var steps = eraser.begin(whom);
    var more = true;
    while (more && open) {
      more = erasures.piece(whom, steps);
    }
    if (more) {
      erasures.release(whom);
      return;
    }
    var left = erasures.count(whom);
    if (left > 0 && erasures.keeps(whom, eraser)) {
      reportKept(whom);
      return;
    }
    if (left > 0) {
      LOG.warn("{} rows came back while {} was carried out; it is done again", left, whom);
      erasures.postpone(whom);
      return;
    }
    report(whom);
  }

  /// What must stay is said, and looked at again another day.
  private void reportKept(Erased whom) {
    try {
      reports.send(whom, erasures.tables(whom));
    } catch (RuntimeException failure) {
      LOG.info("{} cannot be reported yet: {}", whom, failure.toString());
      erasures.postpone(whom);
      return;
    }
    erasures.keepFor(whom);
    LOG.info("{} is done but for what must stay", whom);
  }

  private void report(Erased whom) {
    try {
      reports.send(whom, erasures.tables(whom));
    } catch (RuntimeException failure) {
      LOG.info("{} is done and cannot be reported yet: {}", whom, failure.toString());
      erasures.postpone(whom);
      return;
    }
    erasures.reported(whom);
    LOG.info("{} is done and reported", whom);
  }

  /// Waits for the piece at hand.
  @Override
  public void close() {
    open = false;
    erasures.ring();
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
