package dev.agentserver.agentrun.session;

import java.util.UUID;
import org.jooq.DSLContext;

/// Where what happens to sessions is written down, in the transaction in which it happens. The
/// session's row is locked by then.
@FunctionalInterface
public interface SessionNews {
  /// What it is about.
  enum Category {
    /// It changed its state.
    LIFECYCLE,
    /// It entered a phase.
    PHASE
  }

  /// @param kind what happened: "session.start", "phase.entered"
  /// @param content how it is now
  void happened(
      DSLContext db,
      UUID tenantId,
      Session session,
      Category category,
      String kind,
      String content);
}
