package dev.agentserver.gateway.filters;

import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The origins whose pages may call: a list, and, on a developer's machine, every port of the
/// machine itself.
///
/// @param loopback whether pages of this machine may
public record Origins(Set<String> listed, boolean loopback) implements Predicate<String> {
  private static final Pattern LOOPBACK =
      Pattern.compile("http://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");
  private static final Pattern ORIGIN = Pattern.compile("https?://[^/*\\s]+");

  public Origins {
    listed = Set.copyOf(listed);
    for (var origin : listed) {
      if (!ORIGIN.matcher(origin).matches()) {
        throw new IllegalArgumentException(
            "CORS_ORIGINS has \""
                + origin
                + "\", allowed are exact origins such as https://app.example.com");
      }
    }
  }

  @Override
  public boolean test(String origin) {
    return listed.contains(origin) || loopback && LOOPBACK.matcher(origin).matches();
  }
}
