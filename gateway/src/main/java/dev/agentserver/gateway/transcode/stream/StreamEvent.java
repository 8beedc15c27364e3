package dev.agentserver.gateway.transcode.stream;

/// One message of a stream, ready to be written.
///
/// @param id what a client resumes after; empty where messages have none
/// @param name what happened: the case of the message's oneof; empty where it has none
/// @param mediaType what the content is
/// @param content the message: JSON on one line, or the bytes of a body of any kind
public record StreamEvent(String id, String name, String mediaType, byte[] content) {}
