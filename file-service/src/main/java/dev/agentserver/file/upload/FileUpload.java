package dev.agentserver.file.upload;

import dev.agentserver.file.file.StoredFile;

/// A file on its way, written by one thread. Closing it before it is finished leaves nothing
/// behind.
public interface FileUpload extends AutoCloseable {
  /// Takes the next bytes; waits where the store is slower than whoever sends them.
  void write(byte[] bytes, int offset, int length);

  /// They were all. The file can be read when this returns.
  StoredFile finish();

  /// Gives up what is not finished.
  @Override
  void close();
}
