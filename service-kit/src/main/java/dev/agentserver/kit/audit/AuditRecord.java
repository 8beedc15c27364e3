package dev.agentserver.kit.audit;

import java.util.Map;

/// What is to be written of an operation that was done.
///
/// @param action the method's full name
/// @param resource the kind of resource it was done to, for example "conversation"
/// @param changes field name to new value; only the values' salted hashes are kept
public record AuditRecord(
    String action, String resource, String resourceId, Map<String, String> changes) {
  public AuditRecord {
    changes = Map.copyOf(changes);
  }
}
