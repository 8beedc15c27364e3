package dev.agentserver.settings.flag.rule;

/// What went wrong, in the words of OpenFeature.
public enum ErrorCode {
  FLAG_NOT_FOUND,
  PARSE_ERROR,
  TYPE_MISMATCH,
  GENERAL
}
