package dev.agentserver.kit.identity;

import java.time.Instant;

/// Refuses tokens before they expire: those that were issued without knowing of it.
///
/// @param position its place in the order of revocations
/// @param subject the id of what is revoked
public record Revocation(long position, Kind kind, String subject, Instant revokedAt) {
  /// What is revoked; the names are what the database holds.
  public enum Kind {
    /// A key or a sign-in: the claim `cid`.
    CREDENTIAL,
    /// A user or service that was suspended or erased, or whose roles changed: the claim `sub`.
    PRINCIPAL,
    /// The claim `tid`.
    TENANT
  }
}
