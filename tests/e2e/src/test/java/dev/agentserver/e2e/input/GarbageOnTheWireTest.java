package dev.agentserver.e2e.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Wire;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bytes that are no HTTP, or HTTP that contradicts itself.
@ExtendWith(SharedServer.class)
class GarbageOnTheWireTest {
  private final Server server;

  GarbageOnTheWireTest(Server server) {
    this.server = server;
  }

  @AfterEach
  void theServerIsHealthy() {
    new Http(server.url()).get("/health").expect(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n\r\n\r\n",
        "garbage\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
        "GET /v1/%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/\u00ff HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET health HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http:// HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /conversations HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST /conversations HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /conversations HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "POST /conversations HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"
      })
  void itIsRefusedOrCutOffAndNeverAFaultOfOurs(String bytes) throws IOException {
    try (var wire = new Wire(server.url())) {
      wire.send(bytes);
      wire.end();
      assertThat(wire.head()).doesNotStartWith("HTTP/1.1 5").doesNotStartWith("HTTP/1.1 2");
    }
  }
}
