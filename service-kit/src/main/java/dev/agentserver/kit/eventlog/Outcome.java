package dev.agentserver.kit.eventlog;

/// What became of one item of a [GroupCommit].
public sealed interface Outcome<O> {
  /// It is committed.
  record Done<O>(O result) implements Outcome<O> {}

  /// It alone was refused; the others of its group are not affected.
  record Failed<O>(RuntimeException failure) implements Outcome<O> {}
}
