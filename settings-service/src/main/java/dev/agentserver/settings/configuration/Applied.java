package dev.agentserver.settings.configuration;

import java.util.List;

/// What a change has done.
///
/// @param revision the last one now
/// @param differences none: it changed nothing, and made no revision
/// @param skipped what could not be done
/// @param defined the keys that were defined for it
record Applied(
    long revision, List<Difference> differences, List<Skipped> skipped, List<String> defined) {
  Applied(long revision, List<Difference> differences) {
    this(revision, differences, List.of(), List.of());
  }
}
