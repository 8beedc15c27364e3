package dev.agentserver.e2e.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Wire;
import dev.agentserver.e2e.server.Server;
import java.io.IOException;

/// A call that the server has begun to read and waits for the rest of.
final class CallInFlight implements AutoCloseable {
  private static final String BODY = "{\"title\":\"in flight\"}";

  private final Wire wire;

  private CallInFlight(Wire wire) {
    this.wire = wire;
  }

  /// Sends the head, and waits until the server asks for the body: then it has accepted the call.
  static CallInFlight begin(Server server) throws IOException {
    var wire = new Wire(server.url());
    wire.send(
        """
        POST /conversations HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Content-Type: application/json
        Content-Length: %d
        Expect: 100-continue

        """
            .formatted(server.key(1), BODY.length())
            .replace("\n", "\r\n"));
    assertThat(wire.head()).startsWith("HTTP/1.1 100");
    return new CallInFlight(wire);
  }

  /// Sends the body and returns the head of the answer.
  String finish() throws IOException {
    wire.send(BODY);
    return wire.head();
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
