package dev.agentserver.e2e.crash;

import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Reply;
import dev.agentserver.e2e.client.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// Clients that write without pause. What gets no clear answer they send again with the same
/// Idempotency-Key until it has one, as the documentation of errors tells them to.
final class Writers implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration END = Duration.ofSeconds(40);

  private final User user;
  private final History history;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<String> unexpected = new AtomicReference<>();
  private volatile boolean stopped;

  private Writers(User user, History history) {
    this.user = user;
    this.history = history;
  }

  static Writers start(User user, History history, List<String> conversations, int count) {
    var writers = new Writers(user, history);
    for (var number = 0; number < count; number++) {
      var conversation = conversations.get(number % conversations.size());
      writers.threads.add(Thread.ofVirtual().start(() -> writers.write(conversation)));
    }
    return writers;
  }

  private void write(String conversation) {
    while (!stopped) {
      var text = UUID.randomUUID().toString();
      history.sent(conversation, text);
      while (!attempt(conversation, text) && !stopped) {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private boolean attempt(String conversation, String text) {
    try {
      var http = user.http().with("Idempotency-Key", text).with("Content-Type", "application/json");
      var body = User.draft("user", text).toString().getBytes(StandardCharsets.UTF_8);
      return settled(conversation, text, http.attempt("POST", User.messages(conversation), body));
    } catch (IOException _) {
      // The connection broke: whether it was written is not known, so the same is sent again.
      return false;
    }
  }

  private boolean settled(String conversation, String text, Reply reply) {
    switch (reply.status()) {
      case 201 -> {
        history.acknowledged(conversation, text, reply.json().path("id").asText());
        return true;
      }
      case 429, 503, 504 -> {
        return false;
      }
      default -> {
        unexpected.compareAndSet(null, reply.toString());
        return true;
      }
    }
  }

  /// The first answer that no client has to expect of a server that comes and goes; null without
  /// one.
  String unexpected() {
    return unexpected.get();
  }

  @Override
  public void close() {
    stopped = true;
    Await.until("the writers have ended", END, () -> threads.stream().noneMatch(Thread::isAlive));
  }
}
