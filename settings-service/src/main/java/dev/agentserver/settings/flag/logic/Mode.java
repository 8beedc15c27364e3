package dev.agentserver.settings.flag.logic;

/// The two ways in which flagd's own evaluator takes a rule. They differ on odd values only: an
/// unknown variable in `cat`, a list given to `!`, a comparison of text with a number. Both are
/// kept, so that a flag says the same here and in the clients that evaluate it themselves.
enum Mode {
  /// Rules as a whole.
  COMPILED,

  /// What depends on nothing and is evaluated once, and an `if` with one branch.
  INTERPRETED
}
