package dev.agentserver.conversation.rule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is looked for in messages, and what is done then.
///
/// @param finder null: the rule is about the length
/// @param maxCharacters what a message may have of them, where the rule is about that
public record Rule(String name, Action action, @Nullable Finder finder, long maxCharacters) {
  /// Whether a message of these texts is one that the rule is about.
  boolean concerns(List<String> texts) {
    if (finder == null) {
      return texts.stream().mapToLong(text -> text.codePointCount(0, text.length())).sum()
          > maxCharacters;
    }
    return texts.stream().anyMatch(text -> !finder.find(text).isEmpty());
  }

  /// The text without what the rule finds.
  String redact(String text) {
    var spans = finder == null ? List.<Finder.Span>of() : finder.find(text);
    if (spans.isEmpty()) {
      return text;
    }
    var rest = new StringBuilder();
    var from = 0;
    for (var span : spans) {
      rest.append(text, from, span.start()).append("[REDACTED:").append(name).append(']');
      from = span.end();
    }
    return rest.append(text, from, text.length()).toString();
  }
}
