package dev.agentserver.file.file;

import java.text.Normalizer;

/// Names of files, as people may see them. They never become part of a path.
public final class FileName {
  private static final int MOST = 255;
  private static final int LONGEST_ENDING = 20;
  private static final String NONE = "file";

  private FileName() {}

  /// What is left of a name without directories, control characters and marks that turn the
  /// direction of writing, in form NFC. What is too long loses its middle, so that the ending
  /// still tells the type.
  public static String clean(String name) {
    var plain = new StringBuilder();
    Normalizer.normalize(name, Normalizer.Form.NFC)
        .codePoints()
        .filter(FileName::isShown)
        .forEach(plain::appendCodePoint);
    var path = plain.toString().replace('\\', '/').strip();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    var last = path.substring(path.lastIndexOf('/') + 1).strip();
    return last.isEmpty() || last.chars().allMatch(c -> c == '.') ? NONE : shortened(last);
  }

  private static boolean isShown(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      // What joins letters and pictures is needed to write them; what turns them is not.
      case Character.FORMAT -> c == 0x200C || c == 0x200D;
      default -> true;
    };
  }

  private static String shortened(String name) {
    var length = name.codePointCount(0, name.length());
    if (length <= MOST) {
      return name;
    }
    var dot = name.lastIndexOf('.');
    var ending = dot > 0 && name.length() - dot <= LONGEST_ENDING ? name.substring(dot) : "";
    var kept = MOST - ending.codePointCount(0, ending.length());
    return name.substring(0, name.offsetByCodePoints(0, kept)) + ending;
  }
}
