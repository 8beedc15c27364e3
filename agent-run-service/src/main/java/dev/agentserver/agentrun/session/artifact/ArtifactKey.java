package dev.agentserver.agentrun.session.artifact;

import dev.agentserver.kit.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Which artifact of a session: one of the few with a meaning, or a path below one of the
/// directories.
///
/// @param text as the contract has it
public record ArtifactKey(String text) {
  static final String STATE = "state";

  private static final Map<String, String> FILES =
      Map.of(
          "spec.md", "spec", "plan.json", "plan", "plan.md", "plan_readable", "state.json", STATE);
  private static final List<String> DIRECTORIES = List.of("context", "debug", "research");
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\\\]");
  private static final int LENGTH = 512;

  /// Refuses what no artifact has.
  ///
  /// @param field named when it is refused
  public static ArtifactKey of(String field, String text) {
    if (!FILES.containsValue(text) && !isPath(text)) {
      throw Problem.invalid(
          field,
          "must be spec, plan, plan_readable, state, or a path below context/, debug/ or"
              + " research/ without empty parts, . and ..");
    }
    return new ArtifactKey(text);
  }

  /// The artifact of a file in a session's directory.
  ///
  /// @param field named when there is none
  public static ArtifactKey ofFile(String field, String path) {
    var named = FILES.get(path);
    if (named == null && !isPath(path)) {
      throw Problem.invalid(
          field,
          "must be spec.md, plan.json, plan.md, state.json, or a path below context/, debug/ or"
              + " research/ without empty parts, . and ..");
    }
    return new ArtifactKey(named == null ? path : named);
  }

  private static boolean isPath(String text) {
    var parts = text.split("/", -1);
    if (parts.length < 2 || text.length() > LENGTH || !DIRECTORIES.contains(parts[0])) {
      return false;
    }
    for (var part : parts) {
      if (part.isBlank()
          || part.equals(".")
          || part.equals("..")
          || UNPRINTABLE.matcher(part).find()) {
        return false;
      }
    }
    return true;
  }

  /// What it is made of, as far as its name tells.
  String mediaType() {
    return switch (text) {
      case "spec", "plan_readable" -> "text/markdown";
      case "plan", STATE -> "application/json";
      default -> {
        if (text.endsWith(".md")) {
          yield "text/markdown";
        }
        yield text.endsWith(".json") ? "application/json" : "text/plain";
      }
    };
  }
}
