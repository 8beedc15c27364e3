package dev.agentserver.gateway.call;

import dev.agentserver.gateway.fault.Fault;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The streams to clients that are open. They have no end of their own, so a gateway that stops
/// ends them at once, in words, and their clients go on at another one. Everything else is left to
/// finish.
public final class OpenStreams {
  private final Set<Stream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /// A stream that can be told to end, from any thread.
  public interface Stream {
    /// Tells the client why, and ends. A stream that is over already stays as it is.
    void stop(Fault stopping);
  }

  public void add(Stream stream) {
    open.add(stream);
    if (stopping) {
      stream.stop(reason());
    }
  }

  public void remove(Stream stream) {
    open.remove(stream);
  }

  public int count() {
    return open.size();
  }

  /// Ends all of them, and those that are still to come.
  public void stop() {
    stopping = true;
    open.forEach(stream -> stream.stop(reason()));
  }

  private static Fault reason() {
    return Fault.unavailable("gateway");
  }
}
