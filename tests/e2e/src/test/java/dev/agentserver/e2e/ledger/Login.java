package dev.agentserver.e2e.ledger;

import dev.agentserver.e2e.client.Grpc;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Somebody who stays signed in for longer than a token lives.
final class Login {
  private final Server server;
  private final String subject;
  private final String id;
  private volatile User user;

  Login(Server server, String subject) {
    this.server = server;
    this.subject = subject;
    this.user = User.of(server, 1, subject);
    var payload = Base64.getUrlDecoder().decode(user.token().split("\\.")[1]);
    this.id = Json.parse(new String(payload, StandardCharsets.UTF_8)).path("sub").asText();
  }

  Grpc grpc() {
    return user.grpc();
  }

  String id() {
    return id;
  }

  /// Signs in again. Where nobody answers the old token stays, and is refused again.
  void renew() {
    try {
      user = User.of(server, 1, subject);
    } catch (UncheckedIOException | AssertionError _) {
      // The server is down; the next call says so too.
    }
  }
}
