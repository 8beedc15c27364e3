package dev.agentserver.kit.identity;

import java.time.Instant;

/// A credential for one stream, fit to stand in a URL because it is good for so little.
///
/// @param text what is presented
/// @param expiresAt when it ceases to be valid
public record Ticket(String text, Instant expiresAt) {
  @Override
  public String toString() {
    return "Ticket[***, " + expiresAt + "]";
  }
}
