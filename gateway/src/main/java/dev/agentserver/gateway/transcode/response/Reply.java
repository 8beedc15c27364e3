package dev.agentserver.gateway.transcode.response;

import java.util.Map;

/// An HTTP response in the making.
///
/// @param headers those beside the content type
public record Reply(int status, Map<String, String> headers, byte[] body) {}
