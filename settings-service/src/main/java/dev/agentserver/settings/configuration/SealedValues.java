package dev.agentserver.settings.configuration;

import dev.agentserver.kit.config.Secret;
import dev.agentserver.settings.token.Sealing;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Keeps sensitive values under the key of the process.
public final class SealedValues implements SecretValues {
  private static final String HMAC = "HmacSHA256";
  private static final String PURPOSE = "agentserver setting fingerprint";
  private static final int SHOWN = 16;

  private final Sealing sealing;
  private final SecretKeySpec fingerprints;

  /// @param key 32 bytes, base64
  public SealedValues(Secret key) {
    this.sealing = new Sealing(key);
    var bytes = Base64.getDecoder().decode(key.value());
    this.fingerprints = new SecretKeySpec(hmac(new SecretKeySpec(bytes, HMAC), PURPOSE), HMAC);
  }

  @Override
  public byte[] seal(String plain, String place) {
    return sealing.seal(plain, place);
  }

  @Override
  public String open(byte[] sealed, String place) {
    return sealing.open(sealed, place).value();
  }

  /// Under a key, so that a value that can be guessed cannot be recognized in a stolen table.
  @Override
  public String fingerprint(UUID tenantId, String key, String plain) {
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
