package dev.agentserver.e2e.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Reply;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a browser asks before it lets a page call.
@ExtendWith(SharedServer.class)
class CorsTest {
  private static final String ORIGIN = "http://localhost:5173";
  private static final String ALLOWED = "Access-Control-Allow-Origin";

  private final Server server;

  CorsTest(Server server) {
    this.server = server;
  }

  @ParameterizedTest
  @ValueSource(strings = {ORIGIN, "http://127.0.0.1:3000", "http://localhost", "http://[::1]:8000"})
  void aPageOfThisMachineMayCall(String origin) {
    var reply = preflight(origin);
    assertThat(reply.status()).isIn(200, 204);
    assertThat(reply.header(ALLOWED)).contains(origin);
    assertThat(reply.header("Access-Control-Allow-Methods").orElseThrow()).contains("PATCH");
    assertThat(reply.header("Access-Control-Allow-Headers").orElseThrow().toLowerCase(Locale.ROOT))
        .contains("authorization", "content-type", "idempotency-key");
    assertThat(String.join(",", reply.headers().allValues("Vary"))).containsIgnoringCase("origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example",
        "http://localhost.evil.example",
        "http://localhost:5173.evil.example",
        "http://evil.example:5173",
        "https://127.0.0.1.evil.example",
        "null"
      })
  void aPageFromElsewhereMayNot(String origin) {
    assertThat(preflight(origin).header(ALLOWED)).isEmpty();
    var call = User.member(server).http().with("Origin", origin).get("/conversations");
    assertThat(call.header(ALLOWED)).isEmpty();
  }

  @Test
  void aPageMayReadWhatTheHeadersSay() {
    var reply = User.member(server).http().with("Origin", ORIGIN).get("/conversations").expect(200);
    assertThat(reply.header(ALLOWED)).contains(ORIGIN);
    var exposed =
        reply.header("Access-Control-Expose-Headers").orElseThrow().toLowerCase(Locale.ROOT);
    assertThat(exposed)
        .contains(
            "x-next-page-token", "link", "grpc-status", "grpc-message", "grpc-status-details-bin");
  }

  @Test
  void aPageMayReadWhyItWasRefused() {
    var reply = new Http(server.url()).with("Origin", ORIGIN).get("/conversations").expect(401);
    assertThat(reply.header(ALLOWED)).contains(ORIGIN);
  }

  private Reply preflight(String origin) {
    return new Http(server.url())
        .with("Origin", origin)
        .with("Access-Control-Request-Method", "PATCH")
        .with("Access-Control-Request-Headers", "authorization,content-type,idempotency-key")
        .send("OPTIONS", "/conversations/1", null);
  }
}
