package dev.agentserver.settings.key;

import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.identity.ApiKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What is stored of a key: HMAC-SHA-256 of its id and secret under a pepper that is not in the
/// database. So a stolen table opens nothing, and the hash of one key is of no use in the row of
/// another.
public final class KeyHashes {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int LEAST_PEPPER = 16;

  private final SecretKeySpec pepper;

  public KeyHashes(Secret pepper) {
    var bytes = pepper.value().getBytes(StandardCharsets.UTF_8);
    if (bytes.length < LEAST_PEPPER) {
      throw new IllegalArgumentException(
          "KEY_PEPPER has fewer than " + LEAST_PEPPER + " characters");
    }
    this.pepper = new SecretKeySpec(bytes, ALGORITHM);
  }

  public byte[] of(ApiKey key) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(pepper);
      return mac.doFinal((key.id() + "_" + key.secret()).getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + ALGORITHM, impossible);
    }
  }

  /// Compares in constant time.
  public static boolean same(byte[] one, byte[] other) {
    return MessageDigest.isEqual(one, other);
  }
}
