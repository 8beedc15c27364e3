package dev.agentserver.agentrun.text;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/// Names in addresses: small letters, digits and hyphens.
public final class Slug {
  private static final int LENGTH = 48;
  private static final Pattern OTHERS = Pattern.compile("[^a-z0-9]+");
  private static final Pattern ID =
      Pattern.compile("(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private Slug() {}

  /// The slug of a title; short enough for [#distinct].
  ///
  /// @param fallback where nothing of the title can be used
  public static String of(String title, String fallback) {
    var words = trim(OTHERS.matcher(title.toLowerCase(Locale.ROOT)).replaceAll("-"));
    var slug = trim(words.length() > LENGTH ? words.substring(0, LENGTH) : words);
    return slug.isEmpty() ? fallback : slug;
  }

  /// The same with an end that nobody else has.
  public static String distinct(String slug, UUID id) {
    var text = id.toString();
    return slug + "-" + text.substring(text.length() - 8);
  }

  /// Whether it could be taken for an id.
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  private static String trim(String text) {
    var from = text.startsWith("-") ? 1 : 0;
    var to = text.endsWith("-") ? text.length() - 1 : text.length();
    return from >= to ? "" : text.substring(from, to);
  }
}
