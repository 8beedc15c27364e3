package dev.agentserver.file.object;

import java.time.Instant;

/// An upload that is neither completed nor aborted.
///
/// @param id the store's name for it
/// @param begunAt when, by the store's clock; when listed exactly, else about
public record Multipart(String key, String id, Instant begunAt) {}
