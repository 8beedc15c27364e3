package dev.agentserver.gateway.transcode.stream;

/// One message of a stream, ready to be written.
///
/// @param id what a client resumes after; empty where messages have none
/// @param name what happened: the case of the message's oneof; empty where it has none
/// @param json the message, on one line
public record StreamEvent(String id, String name, byte[] json) {}
