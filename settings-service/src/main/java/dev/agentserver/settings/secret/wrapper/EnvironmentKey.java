package dev.agentserver.settings.secret.wrapper;

import com.google.crypto.tink.subtle.Hkdf;
import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.settings.secret.AesGcm;
import dev.agentserver.settings.secret.KeyWrapper;
import dev.agentserver.settings.secret.Undecryptable;
import dev.agentserver.settings.secret.WrappedKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/// A master key that the process is given in its environment. It has one version: another key is
/// another master key, and its id says which it is.
public final class EnvironmentKey implements KeyWrapper {
  private static final String HKDF = "HmacSha256";
  private static final int ID_BYTES = 4;

  private final String id;
  private final AesGcm key;

  /// @param secret 32 bytes, base64
  public EnvironmentKey(Secret secret) {
    var bytes = Base64.getDecoder().decode(secret.value());
    this.id = "env-" + HexFormat.of().formatHex(derive(bytes, "agentserver key id", ID_BYTES));
    this.key = new AesGcm(derive(bytes, "agentserver master key", AesGcm.KEY_BYTES));
  }

  /// What the bytes are used for elsewhere does not meet what they are used for here.
  private static byte[] derive(byte[] bytes, String purpose, int length) {
    try {
      var info = purpose.getBytes(StandardCharsets.UTF_8);
      return Hkdf.computeHkdf(HKDF, bytes, new byte[0], info, length);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has " + HKDF, impossible);
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public int newest() {
    return 1;
  }

  @Override
  public WrappedKey wrap(byte[] dataKey) {
    return new WrappedKey(id, 1, key.encrypt(dataKey, id));
  }

  @Override
  public byte[] unwrap(WrappedKey wrapped) {
    if (wrapped.version() != 1) {
      throw new Undecryptable(id + " has one version only");
    }
    return key.decrypt(wrapped.bytes(), id);
  }

  @Override
  public boolean isRemote() {
    return false;
  }

  @Override
  public int rotate() {
    throw new Problem.Refused(
            "KEY_NOT_HELD",
            "the key comes from the environment: give the process another one there",
            Map.of("id", id))
        .raise();
  }

  /// It is gone when the environment does not have it any more.
  @Override
  public void destroyThrough(int version) {}
}
