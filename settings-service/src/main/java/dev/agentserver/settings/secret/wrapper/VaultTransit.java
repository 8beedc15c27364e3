package dev.agentserver.settings.secret.wrapper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentserver.settings.secret.KeyWrapper;
import dev.agentserver.settings.secret.Undecryptable;
import dev.agentserver.settings.secret.WrappedKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A master key in the transit engine of a Vault: it never leaves the Vault.
public final class VaultTransit implements KeyWrapper {
  private static final Logger LOG = LoggerFactory.getLogger(VaultTransit.class);
  private static final Pattern CIPHERTEXT = Pattern.compile("vault:v([1-9]\\d{0,8}):\\S+");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String key;
  private final VaultHttp http;

  /// @param key its name in the engine
  public VaultTransit(String key, VaultHttp http) {
    this.key = key;
    this.http = http;
  }

  @Override
  public String id() {
    return "vault-" + key;
  }

  @Override
  public int newest() {
    var latest = http.get("keys/" + key).path("data").path("latest_version").asInt(0);
    if (latest < 1) {
      throw http.senseless("keys");
    }
    return latest;
  }

  @Override
  public WrappedKey wrap(byte[] dataKey) {
    var body = json(Map.of("plaintext", Base64.getEncoder().encodeToString(dataKey)));
    try {
      return wrapped(http.post("encrypt/" + key, body), "encrypt");
    } catch (VaultHttp.Rejected _) {
      throw http.senseless("encrypt");
    }
  }

  @Override
  public byte[] unwrap(WrappedKey wrapped) {
    var body = json(Map.of("ciphertext", ciphertext(wrapped)));
    try {
      var plain = http.post("decrypt/" + key, body).path("data").path("plaintext").textValue();
      if (plain != null) {
        return Base64.getDecoder().decode(plain);
      }
    } catch (VaultHttp.Rejected rejected) {
      throw undecryptable(rejected);
    } catch (IllegalArgumentException _) {
      LOG.debug("what Vault says is no base64");
    }
    throw http.senseless("decrypt");
  }

  /// The Vault does it by itself: the data key is not seen here.
  @Override
  public WrappedKey rewrap(WrappedKey wrapped) {
    var body = json(Map.of("ciphertext", ciphertext(wrapped)));
    try {
      return wrapped(http.post("rewrap/" + key, body), "rewrap");
    } catch (VaultHttp.Rejected rejected) {
      throw undecryptable(rejected);
    }
  }

  /// The text says its version, and a row that says another was changed.
  private static String ciphertext(WrappedKey wrapped) {
    var text = new String(wrapped.bytes(), StandardCharsets.UTF_8);
    var match = CIPHERTEXT.matcher(text);
    if (!match.matches() || Integer.parseInt(match.group(1)) != wrapped.version()) {
      throw new Undecryptable("the wrapped key was changed");
    }
    return text;
  }

  private WrappedKey wrapped(JsonNode reply, String asked) {
    var text = reply.path("data").path("ciphertext").asText("");
    var match = CIPHERTEXT.matcher(text);
    if (!match.matches()) {
      throw http.senseless(asked);
    }
    var version = Integer.parseInt(match.group(1));
    return new WrappedKey(id(), version, text.getBytes(StandardCharsets.UTF_8));
  }

  private Undecryptable undecryptable(VaultHttp.Rejected rejected) {
    return new Undecryptable("Vault does not decrypt under " + id(), rejected);
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public int rotate() {
    http.post("keys/" + key + "/rotate", "{}");
    return newest();
  }

  /// Transit forgets versions from the oldest on, and only those that it does not use any more.
  @Override
  public void destroyThrough(int version) {
    var next = version + 1;
    http.post(
        "keys/" + key + "/config",
        json(Map.of("min_decryption_version", next, "min_encryption_version", next)));
    http.post("keys/" + key + "/trim", json(Map.of("min_available_version", next)));
  }

  private static String json(Map<String, Object> body) {
    return JSON.valueToTree(body).toString();
  }

  @Override
  public void close() {
    http.close();
  }
}
