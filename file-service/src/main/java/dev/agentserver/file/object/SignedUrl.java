package dev.agentserver.file.object;

import java.net.URI;
import java.time.Instant;

/// A URL of the public endpoint that carries the right to one request.
///
/// @param expiresAt when it stops carrying it
public record SignedUrl(URI url, Instant expiresAt) {}
