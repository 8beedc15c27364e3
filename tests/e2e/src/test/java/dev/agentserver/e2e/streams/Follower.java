package dev.agentserver.e2e.streams;

import dev.agentserver.conversation.v1.ConversationEvent;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// A client that follows a conversation, and connects again after its last event whenever the
/// connection breaks.
final class Follower implements AutoCloseable {
  /// One connection.
  @FunctionalInterface
  interface Connection {
    /// Hands on what comes until the connection breaks, which is no failure.
    ///
    /// @return how it ended
    String follow(long after, Consumer<ConversationEvent> frames)
        throws IOException, InterruptedException;
  }

  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  private final Transcript transcript;
  private final Connection connection;
  private final Thread thread;
  private final Map<String, Integer> ends = new ConcurrentSkipListMap<>();
  private volatile boolean closed;

  private Follower(String name, Connection connection) {
    this.transcript = new Transcript(name);
    this.connection = connection;
    this.thread = Thread.ofVirtual().name("follower by " + name).unstarted(this::run);
  }

  static Follower start(String name, Connection connection) {
    var follower = new Follower(name, connection);
    follower.thread.start();
    return follower;
  }

  private void run() {
    while (!closed) {
      try {
        ends.merge(connection.follow(transcript.last(), transcript::add), 1, Integer::sum);
      } catch (IOException broken) {
        ends.merge(String.valueOf(broken.getMessage()), 1, Integer::sum);
      } catch (InterruptedException end) {
        return;
      } catch (RuntimeException | AssertionError unexpected) {
        if (!closed) {
          transcript.violate(unexpected.toString());
        }
        return;
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  Transcript transcript() {
    return transcript;
  }

  /// How its connections have ended, and how often so.
  Map<String, Integer> ends() {
    return ends;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
