package dev.agentserver.conversation.stream;

import java.time.Instant;
import java.util.List;

/// How far a message has come.
///
/// @param partLengths code points of each part; 0 for parts that are not text
/// @param seq the message's newest event
/// @param stopped whether somebody stopped it, so that nothing more is taken
/// @param writerExpiresAt when its writer counts as lost unless it is heard of before
public record Progress(
    List<Integer> partLengths, long seq, boolean stopped, Instant writerExpiresAt) {}
