package dev.agentserver.e2e.streams;

import dev.agentserver.conversation.v1.ConversationEvent;
import dev.agentserver.conversation.v1.MessageEnded;
import dev.agentserver.conversation.v1.PartDelta;
import dev.agentserver.conversation.v1.PartStarted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Messages put together from their events, as a client does.
final class Assembly {
  private final Map<String, List<StringBuilder>> messages = new LinkedHashMap<>();
  private final Map<String, MessageEnded> ends = new LinkedHashMap<>();
  private final List<String> violations = new ArrayList<>();

  private Assembly() {}

  static Assembly of(List<ConversationEvent> events) {
    var assembly = new Assembly();
    events.forEach(assembly::apply);
    return assembly;
  }

  private void apply(ConversationEvent event) {
    if (event.hasPartStarted()) {
      start(event.getPartStarted());
    } else if (event.hasPartDelta()) {
      grow(event.getSeq(), event.getPartDelta());
    } else if (event.hasMessageCompleted()) {
      ends.put(event.getMessageCompleted().getMessageId(), event.getMessageCompleted());
    }
  }

  private void start(PartStarted started) {
    var parts = parts(started.getMessageId());
    if (started.getPart() != parts.size()) {
      violations.add("part " + started.getPart() + " started after " + parts.size());
    }
    parts.add(new StringBuilder());
  }

  private void grow(long seq, PartDelta delta) {
    var part = parts(delta.getMessageId()).get(delta.getPart());
    var length = part.codePointCount(0, part.length());
    if (delta.getOffset() != length) {
      violations.add("event " + seq + " goes to " + delta.getOffset() + ", not " + length);
    }
    part.append(delta.getText());
  }

  private List<StringBuilder> parts(String message) {
    return messages.computeIfAbsent(message, _ -> new ArrayList<>());
  }

  /// The message's text so far.
  String text(String message) {
    return String.join("\n\n", parts(message));
  }

  List<String> violations(Map<String, String> written) {
    var all = new ArrayList<>(violations);
    written.forEach(
        (message, text) -> {
          var assembled = text(message);
          if (!assembled.equals(text)) {
            all.add("text: " + difference(assembled, text));
          }
          var end = ends.getOrDefault(message, MessageEnded.getDefaultInstance());
          if (!end.getContentSha256().equals(Manuscript.sha256(assembled))) {
            all.add("hash: " + end.getContentSha256() + " is not that of the text");
          }
          if (!end.getPartLengthsList().equals(lengths(message))) {
            all.add("lengths: " + end.getPartLengthsList() + ", not " + lengths(message));
          }
        });
    return all;
  }

  private List<Integer> lengths(String message) {
    return parts(message).stream().map(part -> part.codePointCount(0, part.length())).toList();
  }

  private static String difference(String assembled, String text) {
    var at = 0;
    var end = Math.min(assembled.length(), text.length());
    while (at < end && assembled.charAt(at) == text.charAt(at)) {
      at++;
    }
    return "%d of %d characters, different at %d".formatted(assembled.length(), text.length(), at);
  }
}
