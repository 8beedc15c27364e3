package dev.agentserver.settings.flag.rule;

import java.util.List;
import java.util.stream.Collectors;

/// A definition that is no flag, with everything that is wrong with it.
public final class InvalidFlag extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  /// @param path a JSON Pointer (RFC 6901) into the definition
  public record Problem(String path, String message) {}

  InvalidFlag(List<Problem> problems) {
    super(
        problems.stream()
            .map(problem -> problem.path() + ": " + problem.message())
            .collect(Collectors.joining("; ")));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
