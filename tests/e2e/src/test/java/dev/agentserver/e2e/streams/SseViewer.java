package dev.agentserver.e2e.streams;

import dev.agentserver.e2e.client.User;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

/// Follows by server-sent events on a connection of its own, which fills up when it does not read.
final class SseViewer extends Viewer {
  private final User user;
  private final String conversation;
  private final Semaphore reading = new Semaphore(1);
  private volatile boolean closed;
  private InputStream body;

  SseViewer(User user, String conversation) {
    this.user = user;
    this.conversation = conversation;
  }

  @Override
  void start(long after) throws IOException, InterruptedException {
    begin(after);
    var http = user.http().with("Accept", "text/event-stream");
    var response = http.open("/v1/conversations/" + conversation + ":watch?after_seq=" + after);
    if (response.statusCode() != 200) {
      throw new AssertionError("HTTP " + response.statusCode());
    }
    body = response.body();
    Thread.ofVirtual().start(this::read);
  }

  private void read() {
    var events = new ServerSentEvents(body);
    try {
      for (var sent = events.next(); sent != null; sent = events.next()) {
        var happened = !sent.type().equals("heartbeat");
        given(Long.parseLong(sent.id()), happened, sent.data().getBytes(StandardCharsets.UTF_8));
        reading.acquire();
        reading.release();
      }
      violate("the stream ended");
    } catch (IOException | InterruptedException | NumberFormatException failure) {
      if (!closed) {
        violate(failure.toString());
      }
    }
  }

  @Override
  void stall() {
    reading.acquireUninterruptibly();
  }

  @Override
  void goOn() {
    reading.release();
  }

  @Override
  public void close() {
    closed = true;
    try {
      body.close();
    } catch (IOException failure) {
      violate(failure.toString());
    }
  }
}
