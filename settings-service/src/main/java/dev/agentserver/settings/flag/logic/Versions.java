package dev.agentserver.settings.flag.logic;

import dev.agentserver.settings.flag.value.Values;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `sem_ver`: two versions compared as Semantic Versioning 2.0.0 orders them; `^` wants the same
/// major version, `~` the same major and minor. A leading `v` is dropped, `1` and `1.2` are
/// completed.
final class Versions {
  private static final int LONGEST = 256;
  private static final BigInteger LARGEST = BigInteger.valueOf((1L << 53) - 1);
  private static final String NUMBER = "(0|[1-9]\\d*)";
  private static final String IDENTIFIER = "(?:0|[1-9]\\d*|\\d*[a-zA-Z-][a-zA-Z0-9-]*)";
  private static final Pattern FULL =
      Pattern.compile(
          "v?%1$s\\.%1$s\\.%1$s(?:-(%2$s(?:\\.%2$s)*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?"
              .formatted(NUMBER, IDENTIFIER));
  private static final Pattern PARTIAL = Pattern.compile("(\\d{1,16})(\\.\\d{1,16})?");
  private static final Pattern DIGITS = Pattern.compile("\\d+");

  private record Version(BigInteger major, BigInteger minor, BigInteger patch, String[] release) {}

  private Versions() {}

  static Node compile(@Nullable Object arguments, Compiler compiler) {
    return Texts.ofContext(compiler.list(arguments), (list, _) -> test(list));
  }

  /// Null where one is no version or the operator is unknown.
  private static @Nullable Object test(List<?> arguments) {
    if (arguments.size() != 3) {
      return null;
    }
    var left = parse(Values.string(arguments.get(0)));
    var right = parse(Values.string(arguments.get(2)));
    if (left == null || right == null) {
      return null;
    }
    var order = compare(left, right);
    return switch (Values.string(arguments.get(1))) {
      case "=" -> order == 0;
      case "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      case "^" -> left.major.equals(right.major);
      case "~" -> left.major.equals(right.major) && left.minor.equals(right.minor);
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
    var release = matched.group(4);
    var version =
        new Version(
            new BigInteger(matched.group(1)),
            new BigInteger(matched.group(2)),
            new BigInteger(matched.group(3)),
            release == null ? new String[0] : release.split("\\."));
    var largest = version.major.max(version.minor).max(version.patch);
    return largest.compareTo(LARGEST) > 0 ? null : version;
  }

  private static int compare(Version left, Version right) {
    var order = left.major.compareTo(right.major);
    order = order == 0 ? left.minor.compareTo(right.minor) : order;
    order = order == 0 ? left.patch.compareTo(right.patch) : order;
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
      return new BigInteger(left).compareTo(new BigInteger(right));
    }
    return a == b ? left.compareTo(right) : a ? -1 : 1;
  }
}
