package dev.agentserver.file.object;

import java.io.InputStream;

/// Bytes of an object on their way from the store.
///
/// @param stream ends after the range; an IOException in between says the store broke off, never a
///     silent end
/// @param length how many bytes the stream has
/// @param total how many the whole object has
public record Content(InputStream stream, long length, long total) implements AutoCloseable {
  @Override
  public void close() {
    Closing.quietly(stream);
  }
}
