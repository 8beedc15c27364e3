package dev.agentserver.settings.configuration;

import java.util.UUID;

/// How sensitive values are kept.
public interface SecretValues {
  /// @param place where the value is kept: at another place it cannot be opened
  byte[] seal(String plain, String place);

  /// Fails with IllegalStateException where the value was changed, or is of another place.
  String open(byte[] sealed, String place);

  /// Tells whether two values of one key are the same, and nothing else.
  String fingerprint(UUID tenantId, String key, String plain);
}
