package dev.agentserver.worker;

/// Does the work of one run.
///
/// How it ends is how the run ends: a return completes it, a [RunFailure] fails it for the reason
/// given, any other exception fails it so that another attempt may follow. A [Stopped] belongs to
/// the library and must pass.
@FunctionalInterface
public interface RunHandler {
  /// It may be called again for the same run, in another process too: what must not be done twice
  /// is a step.
  void run(RunContext run) throws Exception;
}
