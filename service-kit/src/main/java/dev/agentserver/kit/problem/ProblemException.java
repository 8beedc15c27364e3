package dev.agentserver.kit.problem;

/// Carries a [Problem] to the edge, where it becomes a status. It has no stack trace: a problem is
/// an answer, not a fault.
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.toString(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
