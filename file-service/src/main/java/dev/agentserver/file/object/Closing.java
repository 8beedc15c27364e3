package dev.agentserver.file.object;

import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closing what was read: the bytes are here, and a failure to say goodbye changes nothing.
final class Closing {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private Closing() {}

  static void quietly(InputStream stream) {
    try {
      stream.close();
    } catch (IOException failure) {
      LOG.debug("a stream of the object store did not close", failure);
    }
  }
}
