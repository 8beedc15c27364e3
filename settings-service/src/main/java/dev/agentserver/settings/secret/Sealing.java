package dev.agentserver.settings.secret;

import com.google.common.collect.Iterables;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import dev.agentserver.kit.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Encrypts under SETTINGS_KEY itself (AES-256-GCM).
public final class Sealing {
  private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);
  private static final int KEY_BYTES = 32;

  private final Aead aead;
  private final List<Aead> previous;

  /// @param key 32 bytes, base64
  public Sealing(Secret key) {
    this(key, List.of());
  }

  /// @param previous what the key was before, for opening
  public Sealing(Secret key, List<Secret> previous) {
    this.aead = aead(key);
    this.previous = previous.stream().map(Sealing::aead).toList();
  }

  private static Aead aead(Secret key) {
    try {
      var bytes = Base64.getDecoder().decode(key.value());
      if (bytes.length == KEY_BYTES) {
        return new AesGcmJce(bytes);
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
    for (var key : Iterables.concat(List.of(aead), previous)) {
      try {
        return new Secret(new String(key.decrypt(sealed, bytes(place)), StandardCharsets.UTF_8));
      } catch (GeneralSecurityException unopened) {
        LOG.trace("{} is not under this key", place, unopened);
      }
    }
    throw new IllegalStateException(
        place + " cannot be decrypted: SETTINGS_KEY is not the one it was encrypted with");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
