package dev.agentserver.conversation.export;

import java.util.regex.Pattern;

/// Blocks of code as CommonMark has them.
final class Fence {
  private static final Pattern MARK = Pattern.compile("(?m)^ {0,3}(`{3,}|~{3,})(.*)$");
  private static final Pattern TICKS = Pattern.compile("`{3,}");

  private Fence() {}

  /// A text that leaves no block open, so that what follows it is not taken for code: an answer may
  /// have been cut short.
  static String closed(String text) {
    var open = "";
    var marks = MARK.matcher(text);
    while (marks.find()) {
      var mark = marks.group(1);
      var rest = marks.group(2);
      if (open.isEmpty()) {
        // A line of backticks with another one behind them is code within a line.
        open = mark.startsWith("`") && rest.indexOf('`') >= 0 ? "" : mark;
      } else if (mark.startsWith(open) && rest.isBlank()) {
        open = "";
      }
    }
    return open.isEmpty() ? text : text + (text.endsWith("\n") ? "" : "\n") + open;
  }

  /// A block around any text.
  static String around(String language, String text) {
    var longest =
        TICKS.matcher(text).results().mapToInt(run -> run.end() - run.start()).max().orElse(2);
    var fence = "`".repeat(longest + 1);
    return fence + language + "\n" + text + "\n" + fence;
  }
}
