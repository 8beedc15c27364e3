package dev.agentserver.settings.secret.wrapper;

import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.Secret;
import dev.agentserver.settings.secret.KeyWrapper;
import dev.agentserver.settings.secret.Keyring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// Which master keys the process has. Each place that it is told of is opened; one of them is what
/// is encrypted under.
///
/// @param primary where the key is that is encrypted under
/// @param previous what SETTINGS_KEY was before, for decrypting
public record MasterKeyConfig(
    Place primary,
    Secret settingsKey,
    List<Secret> previous,
    Optional<Path> keyset,
    Optional<Vault> vault) {
  /// Where a master key is kept.
  public enum Place {
    ENVIRONMENT,
    FILE,
    VAULT
  }

  /// A Vault and the key in it.
  public record Vault(
      URI address, String mount, String key, Supplier<Secret> token, Duration timeout) {}

  /// Reads the environment; docs/operations.md lists the variables.
  public static MasterKeyConfig from(Environment environment) {
    var keyset = variable(environment, "KEYSET_FILE").map(Path::of);
    var vault = vault(environment);
    var places = new ArrayList<>(List.of(Place.ENVIRONMENT));
    keyset.ifPresent(_ -> places.addFirst(Place.FILE));
    vault.ifPresent(_ -> places.addFirst(Place.VAULT));
    var primary = environment.text("MASTER_KEY", places.getFirst().name()).toUpperCase(Locale.ROOT);
    return new MasterKeyConfig(
        places.stream()
            .filter(place -> place.name().equals(primary))
            .findFirst()
            .orElseThrow(() -> unfit(primary)),
        environment.secret("SETTINGS_KEY"),
        previous(environment),
        keyset,
        vault);
  }

  /// What SETTINGS_KEY was before, the newest first.
  public static List<Secret> previous(Environment environment) {
    return environment.secretIfSet("SETTINGS_KEY_PREVIOUS").stream()
        .flatMap(keys -> Arrays.stream(keys.value().split(",")))
        .map(key -> new Secret(key.strip()))
        .toList();
  }

  private static IllegalArgumentException unfit(String place) {
    return new IllegalArgumentException(
        "MASTER_KEY is \""
            + place.toLowerCase(Locale.ROOT)
            + "\", allowed are environment, file where KEYSET_FILE is set, vault where VAULT_ADDR"
            + " is");
  }

  private static Optional<String> variable(Environment environment, String name) {
    return Optional.of(environment.text(name, "")).filter(text -> !text.isEmpty());
  }

  private static Optional<Vault> vault(Environment environment) {
    return variable(environment, "VAULT_ADDR")
        .map(
            address ->
                new Vault(
                    URI.create(address),
                    name(environment, "VAULT_TRANSIT_MOUNT", "transit"),
                    name(environment, "VAULT_TRANSIT_KEY", "agentserver"),
                    token(environment),
                    environment.duration("VAULT_TIMEOUT", Duration.ofSeconds(2))));
  }

  private static String name(Environment environment, String variable, String fallback) {
    var name = environment.text(variable, fallback);
    if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new IllegalArgumentException(
          variable + " is \"" + name + "\", allowed are 1 to 64 letters, digits, _ and -");
    }
    return name;
  }

  /// A file is read each time: who renews tokens writes the new one there.
  private static Supplier<Secret> token(Environment environment) {
    var fixed = environment.secret("VAULT_TOKEN");
    var file = variable(environment, "VAULT_TOKEN_FILE").map(Path::of);
    return () -> file.map(MasterKeyConfig::read).orElse(fixed);
  }

  private static Secret read(Path file) {
    try {
      return new Secret(Files.readString(file).strip());
    } catch (IOException unreadable) {
      throw new UncheckedIOException("VAULT_TOKEN_FILE cannot be read", unreadable);
    }
  }

  /// Opens all of them.
  public Keyring open() {
    var wrappers = new EnumMap<Place, KeyWrapper>(Place.class);
    wrappers.put(Place.ENVIRONMENT, new EnvironmentKey(settingsKey));
    keyset.ifPresent(path -> wrappers.put(Place.FILE, KeysetFile.open(path)));
    vault.ifPresent(
        found ->
            wrappers.put(
                Place.VAULT,
                new VaultTransit(
                    found.key(),
                    new VaultHttp(
                        found.address(), found.mount(), found.token(), found.timeout()))));
    var others = new ArrayList<>(wrappers.values());
    previous.forEach(key -> others.add(new EnvironmentKey(key)));
    return new Keyring(wrappers.get(primary), others);
  }
}
