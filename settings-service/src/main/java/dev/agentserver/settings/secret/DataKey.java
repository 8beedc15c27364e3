package dev.agentserver.settings.secret;

import java.nio.charset.StandardCharsets;

/// A key that secrets are encrypted under, and itself as it is kept beside them.
public final class DataKey {
  private final AesGcm key;
  private final WrappedKey wrapped;

  DataKey(byte[] key, WrappedKey wrapped) {
    this.key = new AesGcm(key);
    this.wrapped = wrapped;
  }

  /// How it is kept.
  public WrappedKey wrapped() {
    return wrapped;
  }

  /// @param place where the secret is kept: at another place it cannot be opened
  public Sealed seal(String plain, String place) {
    return new Sealed(wrapped, key.encrypt(plain.getBytes(StandardCharsets.UTF_8), place));
  }
}
