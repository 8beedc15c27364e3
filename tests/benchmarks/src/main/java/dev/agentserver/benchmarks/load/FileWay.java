package dev.agentserver.benchmarks.load;

/// A way to keep files.
public interface FileWay extends AutoCloseable {
  /// Keeps it, and returns how it is found again.
  String put(byte[] bytes);

  /// Reads all of it, and returns how long it is.
  long get(String id);

  /// Removes it.
  void delete(String id);

  @Override
  default void close() {
    // Nothing is open.
  }
}
