package dev.agentserver.kit.identity;

import dev.agentserver.kit.identity.Revocation.Kind;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;

/// The revocations that this process has heard of.
///
/// A token carries the position of the last revocation that its issuer had seen when it looked the
/// caller up, so a token issued afterwards, for example with the new roles, is good: no clock
/// decides that. While nothing is revoked, asking costs next to nothing.
public final class Revocations {
  private record Subject(Kind kind, String id) {}

  private final ConcurrentHashMap<Subject, Revocation> newest = new ConcurrentHashMap<>();
  private volatile long position;

  /// Whether the caller's token must not be taken any more.
  public boolean refuse(Caller caller) {
    return !newest.isEmpty()
        && (concern(caller, Kind.CREDENTIAL, caller.credentialId())
            || concern(caller, Kind.PRINCIPAL, caller.principalId().toString())
            || (caller.tenantId() != null
                && concern(caller, Kind.TENANT, caller.tenantId().toString())));
  }

  private boolean concern(Caller caller, Kind kind, String id) {
    var revocation = newest.get(new Subject(kind, id));
    return revocation != null && revocation.position() > caller.revocation();
  }

  /// Hears of one. They come in order.
  public void add(Revocation revocation) {
    newest.put(new Subject(revocation.kind(), revocation.subject()), revocation);
    position = Math.max(position, revocation.position());
  }

  /// The last one heard of; 0: none yet.
  public long position() {
    return position;
  }

  /// Forgets those from before `time`: no token and no stream is as old.
  public void forget(Instant time) {
    newest.values().removeIf(revocation -> revocation.revokedAt().isBefore(time));
  }
}
