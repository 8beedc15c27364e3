package dev.agentserver.commandline.history;

/// Text as the server keeps it.
public final class Texts {
  private static final char REPLACEMENT = '\uFFFD';

  private Texts() {}

  /// Without what no database keeps and no UTF-8 can say: NUL and halves of characters become
  /// U+FFFD, as the server's own boundary does with NUL.
  public static String clean(String text) {
    if (text.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c))) {
      return text;
    }
    var clean = new StringBuilder(text.length());
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        clean.append(c).append(text.charAt(++i));
      } else {
        clean.append(c == 0 || Character.isSurrogate(c) ? REPLACEMENT : c);
      }
    }
    return clean.toString();
  }

  /// At most so many characters, none cut in two.
  public static String beginning(String text, int characters) {
    return text.codePointCount(0, text.length()) <= characters
        ? text
        : text.substring(0, text.offsetByCodePoints(0, characters));
  }
}
