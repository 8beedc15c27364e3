package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Values;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `sem_ver`: two versions compared as Semantic Versioning 2.0.0 orders them; `^` wants the same
/// major version, `~` the same major and minor. A leading `v` is dropped, `1` and `1.2` are
/// completed.
final class Versions {
  private static final int LONGEST = 256;
  private static final long LARGEST = (1L << 53) - 1;
  private static final int MOST_DIGITS = 16;
  private static final String NUMBER = "(0|[1-9]\\d*)";
  private static final String IDENTIFIER = "(?:0|[1-9]\\d*|\\d*[a-zA-Z-][a-zA-Z0-9-]*)";
  private static final Pattern FULL =
      Pattern.compile(
          "v?%1$s\\.%1$s\\.%1$s(?:-(%2$s(?:\\.%2$s)*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?"
              .formatted(NUMBER, IDENTIFIER));
  private static final Pattern PARTIAL = Pattern.compile("(\\d{1,16})(\\.\\d{1,16})?");
  private static final Pattern DIGITS = Pattern.compile("\\d+");

  private static final String[] NO_RELEASE = {};

  private record Version(long major, long minor, long patch, String[] release) {}

  private Versions() {}

  static Node compile(@Nullable Object arguments, Compiler compiler) {
    if (arguments instanceof List<?> list
        && list.size() == 3
        && list.get(1) instanceof String operator
        && list.get(2) instanceof String written) {
      var right = parse(written);
      return Texts.ofContext(
          compiler.list(list.subList(0, 1)),
          (given, _) -> test(parse(Values.string(given.getFirst())), operator, right));
    }
    return Texts.ofContext(compiler.list(arguments), (list, _) -> test(list));
  }

  private static @Nullable Object test(List<?> arguments) {
    return arguments.size() != 3
        ? null
        : test(
            parse(Values.string(arguments.get(0))),
            Values.string(arguments.get(1)),
            parse(Values.string(arguments.get(2))));
  }

  /// Null where one is no version or the operator is unknown.
  private static @Nullable Object test(
      @Nullable Version left, String operator, @Nullable Version right) {
    if (left == null || right == null) {
      return null;
    }
    var order = compare(left, right);
    return switch (operator) {
      case "=" -> order == 0;
      case "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      case "^" -> left.major == right.major;
      case "~" -> left.major == right.major && left.minor == right.minor;
      default -> null;
    };
  }

  private static @Nullable Version parse(String raw) {
    var text = raw.startsWith("v") || raw.startsWith("V") ? raw.substring(1) : raw;
    if (text.length() > LONGEST) {
      return null;
    }
    var full = FULL.matcher(text.strip());
    if (full.matches()) {
      return version(full);
    }
    var partial = PARTIAL.matcher(text);
    if (partial.matches()) {
      var completed = FULL.matcher(text + (partial.group(2) == null ? ".0.0" : ".0"));
      return completed.matches() ? version(completed) : null;
    }
    return null;
  }

  private static @Nullable Version version(Matcher matched) {
    var major = number(matched.group(1));
    var minor = number(matched.group(2));
    var patch = number(matched.group(3));
    var release = matched.group(4);
    return major < 0 || minor < 0 || patch < 0
        ? null
        : new Version(major, minor, patch, release == null ? NO_RELEASE : release.split("\\."));
  }

  /// Below 0 where it is larger than a number of JavaScript is exact.
  private static long number(String digits) {
    var number = digits.length() > MOST_DIGITS ? -1 : Long.parseLong(digits);
    return number > LARGEST ? -1 : number;
  }

  private static int compare(Version left, Version right) {
    var order = Long.compare(left.major, right.major);
    order = order == 0 ? Long.compare(left.minor, right.minor) : order;
    order = order == 0 ? Long.compare(left.patch, right.patch) : order;
    return order == 0 ? compareReleases(left.release, right.release) : order;
  }

  /// A version with a pre-release comes before the one without.
  private static int compareReleases(String[] left, String[] right) {
    if (left.length == 0 || right.length == 0) {
      return Integer.compare(right.length, left.length);
    }
    for (var i = 0; i < Math.min(left.length, right.length); i++) {
      var order = compareIdentifiers(left[i], right[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.length, right.length);
  }

  private static int compareIdentifiers(String left, String right) {
    var a = DIGITS.matcher(left).matches();
    var b = DIGITS.matcher(right).matches();
    if (a && b) {
      return Double.compare(Double.parseDouble(left), Double.parseDouble(right));
    }
    return a == b ? left.compareTo(right) : a ? -1 : 1;
  }
}
