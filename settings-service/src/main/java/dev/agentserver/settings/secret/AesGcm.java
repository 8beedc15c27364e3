package dev.agentserver.settings.secret;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/// AES-256-GCM under one key.
public final class AesGcm {
  /// The length of a key.
  public static final int KEY_BYTES = 32;

  private final Aead aead;

  /// @param key 32 bytes; fails with [Undecryptable] where it is not
  public AesGcm(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new Undecryptable("a key is %d bytes, not %d".formatted(key.length, KEY_BYTES));
    }
    try {
      this.aead = new AesGcmJce(key);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has AES-256-GCM", impossible);
    }
  }

  /// @param place what the text is bound to: with another one it cannot be decrypted
  public byte[] encrypt(byte[] plain, String place) {
    try {
      return aead.encrypt(plain, place.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-256-GCM failed to encrypt", impossible);
    }
  }

  /// Fails with [Undecryptable].
  public byte[] decrypt(byte[] ciphertext, String place) {
    try {
      return aead.decrypt(ciphertext, place.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException changed) {
      throw new Undecryptable("the key is another, or the text or its place was changed", changed);
    }
  }
}
