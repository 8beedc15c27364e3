package dev.agentserver.settings.secret;

import com.google.crypto.tink.subtle.Random;
import dev.agentserver.kit.config.Secret;
import java.nio.charset.StandardCharsets;

/// Encrypts secrets: each under a data key, and that under the primary master key.
///
/// The master key may be another process's, so nothing here is for the inside of a transaction
/// but [DataKey#seal].
public final class Envelope {
  private final Keyring keyring;

  public Envelope(Keyring keyring) {
    this.keyring = keyring;
  }

  /// A new data key.
  public DataKey dataKey() {
    var key = Random.randBytes(AesGcm.KEY_BYTES);
    return new DataKey(key, keyring.wrap(key));
  }

  /// Whether what is sealed under it can be opened again.
  public boolean has(DataKey key) {
    return keyring.has(key.wrapped().keyId(), key.wrapped().version());
  }

  /// Whether it is under the newest version of the primary master key.
  public boolean isNewest(DataKey key) {
    return key.wrapped().keyId().equals(keyring.primary().id())
        && key.wrapped().version() == keyring.primary().newest();
  }

  /// Fails with [Undecryptable].
  ///
  /// @param place where it was sealed
  public Secret open(Sealed sealed, String place) {
    var key = new AesGcm(keyring.unwrap(sealed.key()));
    return new Secret(new String(key.decrypt(sealed.ciphertext(), place), StandardCharsets.UTF_8));
  }

  /// Whether it can be opened. A master key that is another process's is not asked: a list must
  /// not wait for it.
  public boolean opens(Sealed sealed, String place) {
    if (!keyring.has(sealed.key().keyId(), sealed.key().version())) {
      return false;
    }
    if (keyring.isRemote(sealed.key().keyId())) {
      return true;
    }
    try {
      open(sealed, place);
      return true;
    } catch (Undecryptable _) {
      return false;
    }
  }
}
