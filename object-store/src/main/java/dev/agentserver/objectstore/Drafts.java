package dev.agentserver.objectstore;

import java.util.regex.Pattern;

/// Files that are being written: the server writes `<key>-<uuid>` and moves it to `<key>`, so that
/// an object is there whole or not at all.
final class Drafts {
  private static final String UUID = "\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}";
  private static final Pattern NAME = Pattern.compile(".+-" + UUID);

  private Drafts() {}

  /// Whether an object of this key could not be told from a draft. The server's own marks of
  /// uploads look like it, but their drafts have a second id.
  static boolean looksLikeOne(String key) {
    var name = key.substring(key.lastIndexOf('/') + 1);
    var own = name.startsWith(Leftovers.MARK) ? name.substring(Leftovers.MARK.length()) : name;
    return NAME.matcher(own).matches();
  }
}
