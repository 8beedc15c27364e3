package dev.agentserver.settings.secret;

import org.jspecify.annotations.Nullable;

/// A sensitive setting as it is kept.
///
/// @param key null in rows of before there were data keys: they are under SETTINGS_KEY itself
public record StoredSecret(byte[] ciphertext, @Nullable WrappedKey key) {
  /// What a row has; null where it is no secret.
  public static @Nullable StoredSecret of(
      byte @Nullable [] sealed,
      @Nullable String keyId,
      @Nullable Integer version,
      byte @Nullable [] wrapped) {
    if (sealed == null) {
      return null;
    }
    return keyId == null || version == null || wrapped == null
        ? new StoredSecret(sealed, null)
        : new StoredSecret(sealed, new WrappedKey(keyId, version, wrapped));
  }
}
