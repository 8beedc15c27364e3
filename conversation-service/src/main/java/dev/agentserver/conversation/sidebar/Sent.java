package dev.agentserver.conversation.sidebar;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What one stream was sent of the time that is read again and again.
final class Sent {
  /// Beyond it the time that is read again is cut short instead.
  static final int MOST = 500;

  /// An entry's state, told from others by when the entry changed and by the conversation's etag.
  record State(Instant changedAt, String etag) {}

  private final Map<UUID, State> states = new HashMap<>();
  private Instant from;

  Sent(Instant from) {
    this.from = from;
  }

  /// What changed after this time is to be read again.
  Instant from() {
    return from;
  }

  /// Notes what is sent, and returns what was sent of the entry before.
  @Nullable State note(UUID conversationId, State state) {
    return states.put(conversationId, state);
  }

  /// Forgets what will not be read again: everything up to a time, and the oldest beyond [#MOST].
  void forget(Instant upTo) {
    raise(upTo);
    if (states.size() > MOST) {
      states.values().stream()
          .map(State::changedAt)
          .sorted(Comparator.reverseOrder())
          .skip(MOST)
          .findFirst()
          .ifPresent(this::raise);
    }
  }

  private void raise(Instant time) {
    if (time.isAfter(from)) {
      from = time;
    }
    states.values().removeIf(state -> !state.changedAt().isAfter(from));
  }

  int size() {
    return states.size();
  }
}
