package dev.agentserver.settings.secret;

/// A master key: encrypts data keys, and does not leave the place where it is kept.
///
/// What cannot be decrypted is an [Undecryptable]; a place that does not answer is the problem
/// UNAVAILABLE.
public interface KeyWrapper extends AutoCloseable {
  /// Names the master key beside all that is encrypted under it. Another key has another id, so
  /// that a key that is lost is not taken for the one that replaced it.
  String id();

  /// The version that is encrypted under, from 1.
  int newest();

  /// Encrypts under the newest version.
  WrappedKey wrap(byte[] dataKey);

  byte[] unwrap(WrappedKey key);

  /// The same data key under the newest version.
  default WrappedKey rewrap(WrappedKey key) {
    return wrap(unwrap(key));
  }

  /// Whether asking it means asking another process.
  boolean isRemote();

  /// Makes a new version and returns its number. Fails with KEY_NOT_HELD where that is done
  /// elsewhere.
  int rotate();

  /// Destroys a version and all before it, as far as it is in the hands of this process. A second
  /// call changes nothing.
  void destroyThrough(int version);

  @Override
  default void close() {}
}
