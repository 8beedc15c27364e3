package dev.agentserver.settings.configuration;

import dev.agentserver.kit.config.Secret;
import dev.agentserver.settings.secret.DataKey;
import dev.agentserver.settings.secret.Envelope;
import dev.agentserver.settings.secret.Sealed;
import dev.agentserver.settings.secret.Sealing;
import dev.agentserver.settings.secret.StoredSecret;
import dev.agentserver.settings.secret.Undecryptable;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// How sensitive values are kept: under a data key of the process, which is at hand before a
/// transaction needs it.
public final class SecretValues {
  private static final String HMAC = "HmacSHA256";
  private static final String PURPOSE = "agentserver setting fingerprint";
  private static final int SHOWN = 16;

  private final Envelope envelope;
  private final Sealing before;
  private final SecretKeySpec fingerprints;
  private volatile @Nullable DataKey dataKey;

  /// @param settingsKey 32 bytes, base64; fingerprints are made under it
  /// @param before opens what was sealed before there were data keys
  public SecretValues(Envelope envelope, Secret settingsKey, Sealing before) {
    this.envelope = envelope;
    this.before = before;
    var bytes = Base64.getDecoder().decode(settingsKey.value());
    this.fingerprints = new SecretKeySpec(hmac(new SecretKeySpec(bytes, HMAC), PURPOSE), HMAC);
  }

  /// Makes another data key where the one at hand is not under the newest master key.
  public void renew() {
    var current = dataKey;
    if (current == null || !envelope.isNewest(current)) {
      dataKey = envelope.dataKey();
    }
  }

  /// @param place where the value is kept: at another place it cannot be opened
  StoredSecret seal(String plain, String place) {
    var key = dataKey;
    if (key == null || !envelope.has(key)) {
      key = envelope.dataKey();
      dataKey = key;
    }
    var sealed = key.seal(plain, place);
    return new StoredSecret(sealed.ciphertext(), sealed.key());
  }

  /// Fails with [Undecryptable] where the value was changed, is of another place, or is under a
  /// key that is lost.
  String open(StoredSecret stored, String place) {
    if (stored.key() != null) {
      return envelope.open(new Sealed(stored.key(), stored.ciphertext()), place).value();
    }
    try {
      return before.open(stored.ciphertext(), place).value();
    } catch (IllegalStateException lost) {
      throw new Undecryptable(place + " is under another SETTINGS_KEY, or was changed", lost);
    }
  }

  /// Tells whether two values of one key are the same, and nothing else.
  ///
  /// Under a key, so that a value that can be guessed cannot be recognized in a stolen table.
  String fingerprint(UUID tenantId, String key, String plain) {
    var hash = hmac(fingerprints, tenantId + "|" + key + "|" + plain);
    return HexFormat.of().formatHex(Arrays.copyOf(hash, SHOWN));
  }

  private static byte[] hmac(SecretKeySpec key, String text) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has " + HMAC, impossible);
    }
  }
}
