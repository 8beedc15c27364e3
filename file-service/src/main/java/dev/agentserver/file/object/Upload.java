package dev.agentserver.file.object;

/// An object being written, by one thread at a time. It holds one small buffer of its own, and
/// parts of the shared pool once it grows beyond that; small objects become one PUT, others parts.
/// Closing it before it is finished leaves nothing behind.
public interface Upload extends AutoCloseable {
  /// Takes the bytes; waits for a part buffer where all are in use.
  void write(byte[] bytes, int offset, int length);

  /// How many bytes were taken so far.
  long length();

  /// The object is there, whole, when this returns.
  Digest finish();

  /// Aborts what is not finished. Never throws: what the store could not be told is listed by
  /// [ObjectStore#unfinished].
  @Override
  void close();
}
