package dev.agentserver.agentrun.run;

import org.jooq.DSLContext;

/// Where what happens to runs is written down, in the transaction in which it happens.
@FunctionalInterface
public interface RunFeed {
  /// The caller holds the run's row.
  void append(DSLContext db, RunKey run, RunNews news);
}
