package dev.agentserver.conversation.rule;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;

/// Finds what a regular expression of RE2 matches: without backtracking, so that no expression and
/// no text together take for ever.
record Matcher(Pattern pattern) implements Finder {
  private static final int MAX_REPETITION = 1_000;
  private static final int MAX_PROGRAM = 5_000;
  private static final java.util.regex.Pattern COUNTED =
      java.util.regex.Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?}");

  /// @throws IllegalArgumentException where it is none, or one that is too large when its counted
  ///     repetitions are written out
  static Matcher of(String expression) {
    var size = 1L;
    var counted = COUNTED.matcher(expression);
    while (counted.find()) {
      var most = counted.group(2);
      var times = most == null || most.isEmpty() ? counted.group(1) : most;
      size *= Math.max(1, Long.parseLong(times));
      if (size > MAX_REPETITION) {
        throw new IllegalArgumentException("repeats more than " + MAX_REPETITION + " times");
      }
    }
    try {
      var pattern = Pattern.compile(expression);
      if (pattern.programSize() > MAX_PROGRAM) {
        throw new IllegalArgumentException("is too large when it is written out");
      }
      return new Matcher(pattern);
    } catch (com.google.re2j.PatternSyntaxException wrong) {
      throw new IllegalArgumentException(wrong.getMessage(), wrong);
    }
  }

  @Override
  public List<Span> find(String text) {
    var spans = new ArrayList<Span>();
    var matcher = pattern.matcher(text);
    while (matcher.find()) {
      if (matcher.end() > matcher.start()) {
        spans.add(new Span(matcher.start(), matcher.end()));
      }
    }
    return spans;
  }
}
