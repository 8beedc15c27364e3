package dev.agentserver.settings.flag.rule;

/// Why a flag answers what it answers, in the words of OpenFeature.
public enum Reason {
  /// The flag has no targeting.
  STATIC,

  /// The targeting chose nothing.
  DEFAULT,

  /// The targeting chose a variant.
  TARGETING_MATCH,

  /// The flag is off: callers use the value they have in their code.
  DISABLED,

  /// See the error code.
  ERROR
}
