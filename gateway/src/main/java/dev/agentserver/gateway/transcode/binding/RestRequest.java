package dev.agentserver.gateway.transcode.binding;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What of an HTTP request becomes a request message.
///
/// @param variables the template's variables and what the path has for them, decoded
/// @param query as it was sent
/// @param ifMatch the If-Match header
/// @param idempotencyKey the Idempotency-Key header
/// @param lastEventId the Last-Event-ID header
/// @param contentType the Content-Type header
/// @param body empty when there is none
public record RestRequest(
    Map<String, String> variables,
    String query,
    @Nullable String ifMatch,
    @Nullable String idempotencyKey,
    @Nullable String lastEventId,
    @Nullable String contentType,
    byte[] body) {}
