package dev.agentserver.allinone;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has been started, in order. It is closed in the opposite order, so that nothing loses what
/// it stands on before it has ended itself.
final class Opened implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Opened.class);

  private final Deque<AutoCloseable> things = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T thing) {
    things.push(thing);
    return thing;
  }

  /// One that cannot be closed does not keep the others open.
  @Override
  public void close() {
    while (!things.isEmpty()) {
      var thing = things.pop();
      try {
        thing.close();
      } catch (Exception failure) {
        LOG.error("{} did not stop cleanly", thing.getClass().getSimpleName(), failure);
      }
    }
  }
}
