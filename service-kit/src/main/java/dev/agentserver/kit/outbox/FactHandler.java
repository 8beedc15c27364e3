package dev.agentserver.kit.outbox;

import java.util.List;
import org.jooq.DSLContext;

/// What a service does about a fact of another one.
@FunctionalInterface
public interface FactHandler {
  /// Does it, in the transaction that also remembers that it was done. What takes long is only
  /// written down here. Facts of no interest are left alone. A failure has the fact come again, and
  /// holds up those after it.
  void apply(DSLContext db, PulledFact fact);

  /// Does what needs transactions of its own, of all facts that are about to be applied and before
  /// any is. It may come again for the same facts, also in two processes at a time: what it does is
  /// done once by a key made of the fact. A failure has them come again.
  default void prepare(List<PulledFact> facts) {}
}
