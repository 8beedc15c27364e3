package dev.agentserver.settings.secret;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The master keys that this process has: one to encrypt under, and those that older rows need.
public final class Keyring implements AutoCloseable {
  private static final int REMEMBERED = 10_000;
  private static final Duration REMEMBER = Duration.ofMinutes(5);

  private final KeyWrapper primary;
  private final Map<String, KeyWrapper> wrappers = new LinkedHashMap<>();

  /// Data keys of other processes' master keys: what is read again and again does not ask again
  /// and again.
  private final Cache<Remembered, byte[]> remembered =
      Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterWrite(REMEMBER).build();

  private volatile Registry registry = (_, _) -> {};
  private volatile Map<String, Integer> minimums = Map.of();

  private record Remembered(String keyId, int version, ByteBuffer bytes) {}

  /// Is told each version before anything encrypted under it is kept.
  @FunctionalInterface
  public interface Registry {
    void know(String keyId, int version);
  }

  /// @param others for decrypting only
  public Keyring(KeyWrapper primary, List<KeyWrapper> others) {
    this.primary = primary;
    wrappers.put(primary.id(), primary);
    others.forEach(other -> wrappers.putIfAbsent(other.id(), other));
  }

  /// Has every version that is used told to `registry`.
  public void register(Registry tell) {
    this.registry = tell;
  }

  public KeyWrapper primary() {
    return primary;
  }

  public Set<String> ids() {
    return Set.copyOf(wrappers.keySet());
  }

  /// Fails with [Undecryptable] where this process does not have it.
  public KeyWrapper wrapper(String keyId) {
    var found = wrappers.get(keyId);
    if (found == null) {
      throw new Undecryptable("this process has no master key " + keyId);
    }
    return found;
  }

  /// Versions below these are not used.
  public void require(Map<String, Integer> least) {
    this.minimums = Map.copyOf(least);
  }

  /// Whether what is encrypted under it may be decrypted here.
  public boolean has(String keyId, int version) {
    return wrappers.containsKey(keyId) && version >= minimums.getOrDefault(keyId, 1);
  }

  boolean isRemote(String keyId) {
    return wrapper(keyId).isRemote();
  }

  /// Encrypts under the primary master key.
  WrappedKey wrap(byte[] dataKey) {
    return known(primary.wrap(dataKey));
  }

  byte[] unwrap(WrappedKey key) {
    var wrapper = require(key);
    if (!wrapper.isRemote()) {
      return wrapper.unwrap(key);
    }
    var asked = new Remembered(key.keyId(), key.version(), ByteBuffer.wrap(key.bytes()));
    var known = remembered.getIfPresent(asked);
    if (known != null) {
      return known;
    }
    var dataKey = wrapper.unwrap(key);
    remembered.put(asked, dataKey);
    return dataKey;
  }

  /// The same data key under the newest version of the primary master key.
  public WrappedKey rewrap(WrappedKey key) {
    var wrapper = require(key);
    return known(wrapper == primary ? primary.rewrap(key) : primary.wrap(wrapper.unwrap(key)));
  }

  private KeyWrapper require(WrappedKey key) {
    var wrapper = wrapper(key.keyId());
    if (!has(key.keyId(), key.version())) {
      throw new Undecryptable(
          "version %d of %s is below the minimum".formatted(key.version(), key.keyId()));
    }
    return wrapper;
  }

  private WrappedKey known(WrappedKey key) {
    registry.know(key.keyId(), key.version());
    return key;
  }

  @Override
  public void close() {
    wrappers.values().forEach(KeyWrapper::close);
  }
}
