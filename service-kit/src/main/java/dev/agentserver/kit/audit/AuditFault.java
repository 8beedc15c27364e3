package dev.agentserver.kit.audit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Something in the trail that is not as it was written.
///
/// @param position where; 0: an entry that has no position yet
/// @param tenantId whose entry it is; null where there is none
/// @param entryId which entry it is; null where there is none
public record AuditFault(
    Kind kind, long position, @Nullable UUID tenantId, @Nullable UUID entryId) {
  /// What is wrong; the names are those that `audit_faults` says.
  public enum Kind {
    /// No entry has the position.
    MISSING,
    /// The entry is not what was hashed when it was written.
    ALTERED,
    /// The position was not given by the sequencer: another entry has it, or it is beyond the last.
    ADDED
  }
}
