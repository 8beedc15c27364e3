package dev.agentserver.allinone.identity;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.agentserver.allinone.data.PrivateFile;
import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.kit.identity.SigningKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What the development identity knows, as it is kept in a file that only its owner may read.
///
/// @param signingKey signs the tokens
/// @param serviceCredential what the services of this installation prove themselves with
/// @param tenants each with its key, oldest first
record IdentityFile(SigningKey signingKey, ApiKey serviceCredential, List<Tenant> tenants) {
  private static final String SIGNING_KEY = "signing_key";
  private static final String SERVICE_CREDENTIAL = "service_credential";
  private static final String TENANTS = "tenants";
  private static final String TENANT_ID = "tenant_id";
  private static final String KEY = "key";

  /// A tenant and the key of its owner.
  record Tenant(UUID id, ApiKey key) {}

  /// Reads the file, or begins one; there are at least as many tenants as asked for afterwards.
  static IdentityFile open(Path file, int tenants, Ids ids) {
    var random = new SecureRandom();
    var kept = PrivateFile.read(file);
    var known = kept.map(text -> parse(file, text)).orElseGet(() -> begin(random));
    var grown = known.withTenants(tenants, ids, random);
    if (kept.isEmpty() || grown.tenants().size() > known.tenants().size()) {
      PrivateFile.write(file, grown.json() + "\n");
    }
    return grown;
  }

  private static IdentityFile begin(SecureRandom random) {
    return new IdentityFile(SigningKey.generate(), ApiKey.generate("service", random), List.of());
  }

  private IdentityFile withTenants(int count, Ids ids, SecureRandom random) {
    var all = new ArrayList<>(tenants);
    while (all.size() < count) {
      all.add(new Tenant(ids.next(), ApiKey.generate("dev", random)));
    }
    return new IdentityFile(signingKey, serviceCredential, List.copyOf(all));
  }

  private String json() {
    var object = new LinkedHashMap<String, Object>();
    object.put(SIGNING_KEY, signingKey.export().value());
    object.put(SERVICE_CREDENTIAL, serviceCredential.format());
    object.put(TENANTS, tenants.stream().map(IdentityFile::json).toList());
    return JSONObjectUtils.toJSONString(object);
  }

  private static Map<String, Object> json(Tenant tenant) {
    return Map.of(TENANT_ID, tenant.id().toString(), KEY, tenant.key().format());
  }

  private static IdentityFile parse(Path file, String text) {
    try {
      var object = JSONObjectUtils.parse(text);
      var tenants = new ArrayList<Tenant>();
      for (var tenant : JSONObjectUtils.getJSONObjectArray(object, TENANTS)) {
        var id = UUID.fromString(JSONObjectUtils.getString(tenant, TENANT_ID));
        tenants.add(new Tenant(id, key(tenant, KEY)));
      }
      var signingKey =
          SigningKey.restore(new Secret(JSONObjectUtils.getString(object, SIGNING_KEY)));
      return new IdentityFile(signingKey, key(object, SERVICE_CREDENTIAL), List.copyOf(tenants));
    } catch (ParseException | IllegalArgumentException | NullPointerException damaged) {
      throw new StartFailure(
          "The data directory is damaged: %s cannot be read (%s). Restore it from a backup, or remove it: everybody then gets a new key."
              .formatted(file, damaged.getMessage()),
          damaged);
    }
  }

  private static ApiKey key(Map<String, Object> object, String name) throws ParseException {
    var text = JSONObjectUtils.getString(object, name);
    return ApiKey.parse(text).orElseThrow(() -> new ParseException(name + " is not a key", 0));
  }
}
