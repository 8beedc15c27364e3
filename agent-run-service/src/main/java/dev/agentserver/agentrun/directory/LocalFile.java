package dev.agentserver.agentrun.directory;

/// A file and what it says.
///
/// @param path from the directory that was asked for, with slashes
public record LocalFile(String path, String content) {}
