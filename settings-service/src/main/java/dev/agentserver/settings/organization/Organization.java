package dev.agentserver.settings.organization;

import java.time.Instant;
import java.util.UUID;

/// A tenant.
///
/// @param platform whether it is that of the platform itself
record Organization(
    UUID id, String name, boolean platform, long version, Instant createdAt, Instant updatedAt) {
  String etag() {
    return Long.toString(version);
  }
}
