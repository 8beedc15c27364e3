package dev.agentserver.kit.eventlog;

/// How far a stream has come.
///
/// @param seq that of the newest event; 0 when there was none yet
/// @param compactedThrough events up to this one may be gone
public record Head(long seq, long compactedThrough) {}
