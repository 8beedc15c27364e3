package dev.agentserver.settings.credential;

import java.util.UUID;

/// Whose a credential is.
public sealed interface Owner {
  /// The id of the provider or the integration.
  UUID id();

  /// A provider of the tenant.
  record Provider(UUID id) implements Owner {}

  /// An integration of the tenant.
  record Integration(UUID id) implements Owner {}
}
