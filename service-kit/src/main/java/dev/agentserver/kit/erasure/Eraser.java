package dev.agentserver.kit.erasure;

import org.jooq.DSLContext;

/// Removes what a service keeps of a user or a tenant.
@FunctionalInterface
public interface Eraser {
  /// Begins, possibly not for the first time: a process that began before may have died.
  Step begin(Erased whom);

  /// Whether rows may be left that must not go now, as a court wants them. They are reported as
  /// remaining, and the removal is tried again another day.
  default boolean keeps(DSLContext db, Erased whom) {
    return false;
  }

  /// A removal that is done in pieces, each in a transaction of its own.
  @FunctionalInterface
  interface Step {
    /// Removes a bounded piece, tells the tally, and returns whether there is more. The transaction
    /// may be rolled back and the piece asked for again.
    boolean next(DSLContext db, Tally tally);
  }
}
