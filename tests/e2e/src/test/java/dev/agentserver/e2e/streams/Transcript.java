package dev.agentserver.e2e.streams;

import dev.agentserver.conversation.v1.ConversationEvent;
import java.util.ArrayList;
import java.util.List;

/// What one client was given, in order, over all its connections, and what was wrong with it.
final class Transcript {
  private final String client;
  private final List<ConversationEvent> events = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private long last;

  Transcript(String client) {
    this.client = client;
  }

  synchronized void add(ConversationEvent frame) {
    switch (frame.getEventCase()) {
      case HEARTBEAT -> {
        if (frame.getSeq() != last) {
          violate("a heartbeat says " + frame.getSeq() + " after " + last);
        }
      }
      case SNAPSHOT, END, EVENT_NOT_SET ->
          violate("not expected after " + last + ": " + frame.getEventCase());
      default -> happened(frame);
    }
  }

  private void happened(ConversationEvent event) {
    var seq = event.getSeq();
    if (seq > last + 1) {
      violate("gap: " + seq + " after " + last);
    } else if (seq <= last) {
      violate("again: " + seq + " after " + last);
    }
    events.add(event);
    last = seq;
  }

  /// Something else that was wrong.
  synchronized void violate(String what) {
    violations.add(client + ": " + what);
  }

  /// What the client resumes after.
  synchronized long last() {
    return last;
  }

  String client() {
    return client;
  }

  synchronized List<ConversationEvent> events() {
    return List.copyOf(events);
  }

  synchronized List<String> violations() {
    return List.copyOf(violations);
  }
}
