package dev.agentserver.agentrun.directory;

/// Something in a directory.
///
/// @param repository whether it is a directory with a git repository in it
/// @param claudeDir whether it is a directory in which an agent keeps its settings
public record DirectoryEntry(
    String name, String path, Kind kind, boolean repository, boolean claudeDir) {
  /// What it is.
  public enum Kind {
    DIRECTORY,
    FILE,
    OTHER
  }
}
