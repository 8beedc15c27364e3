package dev.agentserver.kit.outbox;

import org.jooq.DSLContext;

/// What a service does about a fact of another one.
@FunctionalInterface
public interface FactHandler {
  /// Does it, in the transaction that also remembers that it was done. What takes long is only
  /// written down here. Facts of no interest are left alone. A failure has the fact come again, and
  /// holds up those after it.
  void apply(DSLContext db, PulledFact fact);
}
