package dev.agentserver.settings.key;

import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;

/// The services of the system itself.
public final class ServicePrincipals {
  private final ServicePrincipalStore store = new ServicePrincipalStore();

  /// A service, as its credential finds it.
  ///
  /// @param revocation the newest revocation when it was looked up
  public record Found(UUID id, byte[] hash, long revocation) {}

  /// The service with this credential; empty where there is none, or it was revoked.
  public Optional<Found> find(DSLContext db, String keyId) {
    return store.find(db, keyId);
  }

  /// Adds a service; where the credential is there, its hash is made anew, as after a change of the
  /// pepper.
  public void add(DSLContext db, UUID id, String name, String keyId, byte[] hash) {
    store.insert(db, id, name, keyId, hash);
  }
}
