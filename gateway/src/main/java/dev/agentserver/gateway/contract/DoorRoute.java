package dev.agentserver.gateway.contract;

import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Requests that go through an HTTP door although their paths lie among the routes of contracts.
///
/// @param method the HTTP method; GET takes HEAD too
/// @param template the path, a variable in braces for each segment that may be anything
/// @param regex the same as a regular expression, also of Envoy's
public record DoorRoute(String method, String template, String regex) {
  private static final Pattern DECLARED =
      Pattern.compile("(GET|POST|PUT|PATCH|DELETE|OPTIONS) ((/([a-zA-Z0-9_-]+|\\{[a-z_]+}))+)");

  static DoorRoute parse(String declared) {
    var parts = DECLARED.matcher(declared);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "the route \"%s\" of an HTTP door is not of the form GET /some/{variable}/path"
              .formatted(declared));
    }
    var template = parts.group(2);
    return new DoorRoute(parts.group(1), template, template.replaceAll("\\{[a-z_]+}", "[^/]+"));
  }

  boolean takes(String asked, String path) {
    return (asked.equals(method) || (asked.equals("HEAD") && method.equals("GET")))
        && path.matches(regex);
  }

  /// Whether some request would be for both.
  boolean meets(DoorRoute other) {
    var mine = template.split("/");
    var theirs = other.template.split("/");
    return method.equals(other.method)
        && mine.length == theirs.length
        && IntStream.range(0, mine.length).allMatch(i -> meet(mine[i], theirs[i]));
  }

  private static boolean meet(String segment, String other) {
    return segment.equals(other) || segment.startsWith("{") || other.startsWith("{");
  }
}
