package dev.agentserver.settings.masterkey;

import java.time.Instant;
import java.util.List;

/// A master key as it is known, not what it is.
///
/// @param primary whether it is encrypted under now
/// @param available whether this process has it
public record MasterKey(
    String id, boolean primary, boolean available, int minimumVersion, List<Version> versions) {
  /// A version, and how many data keys are under it.
  public record Version(int number, long rows, Instant createdAt) {}
}
