package dev.agentserver.kit.identity;

/// A published key that tokens are verified with: always ES256 on P-256 (RFC 7518, section 6.2).
///
/// @param kid the id that tokens name it by
/// @param x the x coordinate, base64url
/// @param y the y coordinate, base64url
public record PublicJwk(String kid, String x, String y) {}
