package dev.agentserver.file.file;

/// Where a file is in its life.
public enum FileState {
  PENDING,
  SCANNING,
  READY,
  REJECTED,
  DELETED
}
