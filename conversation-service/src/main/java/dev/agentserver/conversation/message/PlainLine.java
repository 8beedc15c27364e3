package dev.agentserver.conversation.message;

import java.text.BreakIterator;
import java.util.Locale;
import java.util.regex.Pattern;

/// How a text begins, on one line and without the marks of Markdown: what lists show.
final class PlainLine {
  /// Much more than is shown: what is longer is not looked at.
  private static final int READ = 1_000;

  private static final Pattern FENCE = Pattern.compile("(?m)^ {0,3}(?:```|~~~).*$");
  private static final Pattern LEAD =
      Pattern.compile("(?m)^[ \\t]*+(?:#{1,6}[ \\t]++|>[ \\t]?+|[-*+][ \\t]++)++");
  private static final Pattern LINK = Pattern.compile("!?\\[([^\\]\\[\\n]*+)\\]\\([^)\\s]*+\\)");
  private static final Pattern STRONG = Pattern.compile("\\*\\*|~~|`");
  private static final Pattern EMPHASIS =
      Pattern.compile("(?<![\\w*])\\*([^*\\s](?:[^*\\n]*[^*\\s])?)\\*(?![\\w*])");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private PlainLine() {}

  static String of(String text) {
    var begin = beginning(text);
    var plain = FENCE.matcher(begin).replaceAll("");
    plain = LEAD.matcher(plain).replaceAll("");
    plain = LINK.matcher(plain).replaceAll("$1");
    plain = STRONG.matcher(plain).replaceAll("");
    plain = EMPHASIS.matcher(plain).replaceAll("$1");
    var line = onOneLine(plain);
    return line.isEmpty() ? onOneLine(begin) : line;
  }

  /// At most so many code points, and no character as people see it cut in two.
  static String cut(String line, int codePoints) {
    if (line.length() <= codePoints || line.codePointCount(0, line.length()) <= codePoints) {
      return line;
    }
    var end = line.offsetByCodePoints(0, codePoints);
    var characters = BreakIterator.getCharacterInstance(Locale.ROOT);
    characters.setText(line);
    var whole = characters.isBoundary(end) ? end : characters.preceding(end);
    // What has no end, as a letter with hundreds of accents, is cut all the same.
    return line.substring(0, whole > 0 ? whole : end);
  }

  private static String beginning(String text) {
    if (text.length() <= READ) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(READ - 1)) ? READ - 1 : READ);
  }

  private static String onOneLine(String text) {
    return SPACE.matcher(text).replaceAll(" ").strip();
  }
}
