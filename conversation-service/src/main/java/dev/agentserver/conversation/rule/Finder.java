package dev.agentserver.conversation.rule;

import java.util.List;

/// Finds in a text what a rule is about.
@FunctionalInterface
public interface Finder {
  /// A part of a text.
  ///
  /// @param end the first character that is not of it
  record Span(int start, int end) {}

  /// In order and disjoint. It takes time in proportion to the text's length.
  List<Span> find(String text);
}
