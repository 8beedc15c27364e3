package dev.agentserver.file.file;

/// What a file is for.
public enum Purpose {
  ATTACHMENT,
  AVATAR,
  DOCUMENT,
  ARTIFACT
}
