package dev.agentserver.settings.flag.serve;

import dev.agentserver.kit.problem.Problem;
import java.util.regex.Pattern;

/// How clients say which environment they mean: `environment=prod`, in the header that flagd has
/// for it.
public final class Selector {
  public static final String HEADER = "flagd-selector";

  private static final Pattern FORM = Pattern.compile("environment=([a-z][a-z0-9_-]{0,31})");

  private Selector() {}

  /// @param selector what a client said; empty: nothing
  /// @param fallback the environment of the process
  public static String environment(String selector, String fallback) {
    if (selector.isEmpty()) {
      return fallback;
    }
    var form = FORM.matcher(selector);
    if (!form.matches()) {
      throw Problem.invalid(HEADER, "must be of the form environment=prod");
    }
    return form.group(1);
  }
}
