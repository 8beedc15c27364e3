package dev.agentserver.kit.identity;

import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Who acts, as the verified token says.
///
/// @param tenantId the tenant; null for a service principal, which carries none
/// @param principalId the user or service
/// @param kind what the principal is
/// @param roles names of the roles held, for the record only: decisions are made by permission
/// @param permissions what the principal may do, for example `conversation:read`
/// @param credentialId the credential behind the token (`cid`), by which it is revoked
/// @param expiresAt when the token expires; null for a caller that no token was read for
/// @param revocation the newest revocation that was known when the token was issued: those after it
/// are news to the token, see [Revocations]
/// @param run what a run's token is bound to; null for every other caller
public record Caller(
    @Nullable UUID tenantId,
    UUID principalId,
    Kind kind,
    Set<String> roles,
    Set<String> permissions,
    String credentialId,
    @Nullable Instant expiresAt,
    long revocation,
    @Nullable RunScope run) {
  /// A caller whom no token was read for.
  public Caller(
      @Nullable UUID tenantId,
      UUID principalId,
      Kind kind,
      Set<String> roles,
      Set<String> permissions,
      String credentialId) {
    this(tenantId, principalId, kind, roles, permissions, credentialId, null, 0, null);
  }

  /// A caller whose token knew of no revocation.
  public Caller(
      @Nullable UUID tenantId,
      UUID principalId,
      Kind kind,
      Set<String> roles,
      Set<String> permissions,
      String credentialId,
      @Nullable Instant expiresAt) {
    this(tenantId, principalId, kind, roles, permissions, credentialId, expiresAt, 0, null);
  }

  /// A caller who is no run.
  public Caller(
      @Nullable UUID tenantId,
      UUID principalId,
      Kind kind,
      Set<String> roles,
      Set<String> permissions,
      String credentialId,
      @Nullable Instant expiresAt,
      long revocation) {
    this(
        tenantId, principalId, kind, roles, permissions, credentialId, expiresAt, revocation, null);
  }

  /// The same for a run, which is to have no more of the permissions than these.
  public Caller within(RunScope scope, Collection<String> these) {
    var kept = only(these);
    return new Caller(
        tenantId,
        principalId,
        kind,
        roles,
        kept.permissions(),
        credentialId,
        expiresAt,
        revocation,
        scope);
  }

  /// The same, acting in a tenant that a service itself has not.
  public Caller in(UUID tenant) {
    return new Caller(
        tenant, principalId, kind, roles, permissions, credentialId, expiresAt, revocation, run);
  }

  /// Whether the caller is kept out of a conversation, whoever may touch it: a run is out of all
  /// but its own, and one that has none is out of all.
  public boolean isOutside(UUID conversationId) {
    return run != null && !conversationId.equals(run.conversationId());
  }

  /// The same with the permissions only that are among `these`.
  public Caller only(Collection<String> these) {
    var kept = permissions.stream().filter(these::contains).collect(Collectors.toUnmodifiableSet());
    return new Caller(
        tenantId, principalId, kind, roles, kept, credentialId, expiresAt, revocation, run);
  }

  /// What a principal is.
  public enum Kind {
    USER,
    SERVICE
  }

  public boolean may(String permission) {
    return permissions.contains(permission);
  }

  /// The time, or that of the token's expiry where it comes before.
  Instant noLaterThanExpiry(Instant time) {
    return expiresAt == null || time.isBefore(expiresAt) ? time : expiresAt;
  }

  /// Whether the row filter is lifted for this permission inside the tenant.
  public boolean mayAny(String permission) {
    return permissions.contains(permission + "_any");
  }
}
