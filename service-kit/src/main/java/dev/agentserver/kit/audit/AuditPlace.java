package dev.agentserver.kit.audit;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/// Where a page of entries ended.
public record AuditPlace(OffsetDateTime createdAt, UUID id) {
  /// As a page token carries it.
  public List<String> keys() {
    return List.of(createdAt.toString(), id.toString());
  }

  public static AuditPlace of(List<String> keys) {
    return new AuditPlace(OffsetDateTime.parse(keys.get(0)), UUID.fromString(keys.get(1)));
  }

  public static AuditPlace of(AuditEntry entry) {
    return new AuditPlace(entry.createdAt(), entry.id());
  }
}
