package dev.agentserver.settings.token;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import dev.agentserver.kit.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/// Encrypts what the database must not know (AES-256-GCM).
public final class Sealing {
  private static final int KEY_BYTES = 32;

  private final Aead aead;

  /// @param key 32 bytes, base64
  public Sealing(Secret key) {
    try {
      var bytes = Base64.getDecoder().decode(key.value());
      if (bytes.length == KEY_BYTES) {
        this.aead = new AesGcmJce(bytes);
        return;
      }
    } catch (IllegalArgumentException | GeneralSecurityException unfit) {
      throw unfit(unfit);
    }
    throw unfit(null);
  }

  private static IllegalArgumentException unfit(Exception cause) {
    return new IllegalArgumentException(
        "SETTINGS_KEY is not 32 bytes in base64; `openssl rand -base64 32` makes one", cause);
  }

  /// @param place where the value is kept: at another place it cannot be opened
  public byte[] seal(String plain, String place) {
    try {
      return aead.encrypt(bytes(plain), bytes(place));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-256-GCM failed to encrypt", impossible);
    }
  }

  /// Fails with IllegalStateException under another key, and where the value was changed.
  public Secret open(byte[] sealed, String place) {
    try {
      return new Secret(new String(aead.decrypt(sealed, bytes(place)), StandardCharsets.UTF_8));
    } catch (GeneralSecurityException unopened) {
      throw new IllegalStateException(
          place + " cannot be decrypted: SETTINGS_KEY is not the one it was encrypted with",
          unopened);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
