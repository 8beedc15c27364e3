package dev.agentserver.settings.credential;

import dev.agentserver.settings.secret.Sealed;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A row.
///
/// @param valueVersion counts the values it has had
record StoredCredential(
    UUID tenantId,
    UUID id,
    Owner owner,
    String field,
    Sealed sealed,
    int valueVersion,
    String lastFour,
    @Nullable Instant expiresAt,
    long version,
    Instant createdAt,
    Instant updatedAt) {
  /// What the value is bound to, so that it opens in this row only, and no older value of it does.
  String place() {
    return place(tenantId, id, field, valueVersion);
  }

  static String place(UUID tenantId, UUID id, String field, int valueVersion) {
    return "credential|" + tenantId + "|" + id + "|" + field + "|" + valueVersion;
  }

  String etag() {
    return Long.toString(version);
  }

  Credential masked(Credential.State state) {
    return new Credential(
        id, owner, field, lastFour, state, expiresAt, version, createdAt, updatedAt);
  }
}
