package dev.agentserver.gateway.auth;

import java.time.Instant;

/// The internal token that a key was exchanged for.
public record AccessToken(String jwt, Instant expiresAt) {
  @Override
  public String toString() {
    return "AccessToken[***, expiresAt=" + expiresAt + "]";
  }
}
