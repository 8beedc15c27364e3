package dev.agentserver.allinone.access;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.agentserver.allinone.data.PrivateFile;
import dev.agentserver.allinone.data.StartFailure;
import dev.agentserver.kit.db.Ids;
import dev.agentserver.kit.identity.ApiKey;
import dev.agentserver.settings.bootstrap.Bootstrap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The credentials of development, as they are kept in a file that only its owner may read.
///
/// The file is the one that the identity of the first versions kept; what it has beyond this is
/// left out. So a directory that they wrote goes on to work, with the same keys, tenants, owners.
///
/// @param serviceCredential what the services prove themselves with
/// @param platformKey the key of who may make tenants
/// @param tenants each with the key of its owner, oldest first
public record DevelopmentKeys(ApiKey serviceCredential, ApiKey platformKey, List<Tenant> tenants) {
  /// The file, in the data directory.
  public static final String FILE = "development-identity.json";

  private static final String SERVICE_CREDENTIAL = "service_credential";
  private static final String PLATFORM_KEY = "platform_key";
  private static final String TENANTS = "tenants";
  private static final String TENANT_ID = "tenant_id";
  private static final String KEY = "key";

  /// A tenant and the key of its owner.
  public record Tenant(UUID id, ApiKey key) {
    private Bootstrap.Tenant made(int number) {
      var owner = UUID.nameUUIDFromBytes((id + "/owner").getBytes(StandardCharsets.UTF_8));
      return new Bootstrap.Tenant(id, "Development " + number, owner, key);
    }
  }

  /// Reads the file, or begins one; there are at least as many tenants as asked for afterwards.
  static DevelopmentKeys open(Path file, int tenants, Ids ids) {
    var random = new SecureRandom();
    var kept = PrivateFile.read(file);
    var known = kept.map(text -> parse(file, text, random)).orElseGet(() -> begin(random));
    var grown = known.withTenants(tenants, ids, random);
    var json = grown.json() + "\n";
    if (!kept.equals(Optional.of(json))) {
      PrivateFile.write(file, json);
    }
    return grown;
  }

  /// Sees to it that settings-service knows them all.
  public void makeKnown(Bootstrap bootstrap) {
    var made = new ArrayList<Bootstrap.Tenant>();
    for (var tenant : tenants) {
      made.add(tenant.made(made.size() + 1));
    }
    bootstrap.development(made, platformKey, serviceCredential);
  }

  private static DevelopmentKeys begin(SecureRandom random) {
    return new DevelopmentKeys(
        ApiKey.generate("service", random), ApiKey.generate("dev", random), List.of());
  }

  private DevelopmentKeys withTenants(int count, Ids ids, SecureRandom random) {
    var all = new ArrayList<>(tenants);
    while (all.size() < count) {
      all.add(new Tenant(ids.next(), ApiKey.generate("dev", random)));
    }
    return new DevelopmentKeys(serviceCredential, platformKey, List.copyOf(all));
  }

  private String json() {
    var object = new LinkedHashMap<String, Object>();
    object.put(SERVICE_CREDENTIAL, serviceCredential.format());
    object.put(PLATFORM_KEY, platformKey.format());
    object.put(TENANTS, tenants.stream().map(DevelopmentKeys::json).toList());
    return JSONObjectUtils.toJSONString(object);
  }

  private static Map<String, Object> json(Tenant tenant) {
    var object = new LinkedHashMap<String, Object>();
    object.put(TENANT_ID, tenant.id().toString());
    object.put(KEY, tenant.key().format());
    return object;
  }

  private static DevelopmentKeys parse(Path file, String text, SecureRandom random) {
    try {
      var object = JSONObjectUtils.parse(text);
      var tenants = new ArrayList<Tenant>();
      for (var tenant : JSONObjectUtils.getJSONObjectArray(object, TENANTS)) {
        var id = UUID.fromString(JSONObjectUtils.getString(tenant, TENANT_ID));
        tenants.add(new Tenant(id, key(tenant, KEY)));
      }
      var platform =
          object.containsKey(PLATFORM_KEY)
              ? key(object, PLATFORM_KEY)
              : ApiKey.generate("dev", random);
      return new DevelopmentKeys(key(object, SERVICE_CREDENTIAL), platform, List.copyOf(tenants));
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
