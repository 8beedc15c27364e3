package dev.agentserver.gateway.transcode.response;

import java.util.Map;

/// An HTTP response in the making.
///
/// @param headers the content type among them, where there is a body
public record Reply(int status, Map<String, String> headers, byte[] body) {}
