package dev.agentserver.allinone.access;

import dev.agentserver.allinone.data.PrivateFile;
import dev.agentserver.kit.db.Ids;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/// Everything secret of a development installation: the credentials, and the keys that
/// settings-service protects its own with. Each is in a file of its own too, for other processes to
/// read.
public final class DevelopmentAccess {
  /// The file with the key of the first tenant's owner; those of the others are numbered from 2.
  public static final String KEY_FILE = "development-key";

  private static final String PLATFORM_KEY_FILE = "development-platform-key";
  private static final String CREDENTIAL_FILE = "service-credential";
  private static final String SETTINGS_KEY_FILE = "settings-key";
  private static final String PEPPER_FILE = "key-pepper";
  private static final String OBJECTS_KEY_FILE = "objects-key";
  private static final String KEYSET_FILE = "settings-keyset.json";
  private static final int SECRET_BYTES = 32;

  private final DevelopmentKeys keys;
  private final String settingsKey;
  private final String pepper;
  private final String objectsKey;
  private final Path keyset;

  private DevelopmentAccess(
      DevelopmentKeys keys, String settingsKey, String pepper, String objectsKey, Path keyset) {
    this.keys = keys;
    this.settingsKey = settingsKey;
    this.pepper = pepper;
    this.objectsKey = objectsKey;
    this.keyset = keyset;
  }

  /// Reads what is in the directory, and makes what is not.
  ///
  /// @param tenants how many tenants there are at least
  public static DevelopmentAccess open(Path directory, int tenants) {
    var ids = Ids.uuidV7(Clock.systemUTC());
    var keys = DevelopmentKeys.open(directory.resolve(DevelopmentKeys.FILE), tenants, ids);
    for (var n = 1; n <= keys.tenants().size(); n++) {
      var name = n == 1 ? KEY_FILE : KEY_FILE + "-" + n;
      write(directory, name, keys.tenants().get(n - 1).key().format());
    }
    write(directory, PLATFORM_KEY_FILE, keys.platformKey().format());
    write(directory, CREDENTIAL_FILE, keys.serviceCredential().format());
    return new DevelopmentAccess(
        keys,
        secret(directory.resolve(SETTINGS_KEY_FILE)),
        secret(directory.resolve(PEPPER_FILE)),
        secret(directory.resolve(OBJECTS_KEY_FILE)),
        directory.resolve(KEYSET_FILE));
  }

  private static void write(Path directory, String name, String text) {
    PrivateFile.write(directory.resolve(name), text + "\n");
  }

  private static String secret(Path file) {
    return PrivateFile.read(file)
        .map(String::strip)
        .orElseGet(
            () -> {
              var bytes = new byte[SECRET_BYTES];
              new SecureRandom().nextBytes(bytes);
              var text = Base64.getEncoder().encodeToString(bytes);
              PrivateFile.write(file, text + "\n");
              return text;
            });
  }

  public DevelopmentKeys keys() {
    return keys;
  }

  /// The key of the first tenant's owner.
  public String firstKey() {
    return keys.tenants().getFirst().key().format();
  }

  /// The tenant of that owner.
  public UUID firstTenant() {
    return keys.tenants().getFirst().id();
  }

  /// The secret key of the object store.
  public String objectsKey() {
    return objectsKey;
  }

  /// What settings-service is to be told.
  public Map<String, String> ofSettings() {
    return Map.of(
        "SETTINGS_KEY",
        settingsKey,
        "SETTINGS_KEY_FILE",
        "",
        "KEY_PEPPER",
        pepper,
        "KEY_PEPPER_FILE",
        "",
        "KEYSET_FILE",
        keyset.toString());
  }

  /// What every other process is to be told.
  public Map<String, String> ofOthers() {
    return Map.of(
        "SERVICE_CREDENTIAL", keys.serviceCredential().format(), "SERVICE_CREDENTIAL_FILE", "");
  }
}
