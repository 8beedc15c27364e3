package dev.agentserver.e2e.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What callers may do is changed while the gateway runs. On a server of its own, because it holds
/// for everybody.
class LiveRateLimitTest {
  private static final String KEY = "gateway.rate_limits";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path data;

  @Test
  void aLimitHoldsAsSoonAsItIsSet() {
    try (var server = Server.start(data)) {
      var owner = User.owner(server, 1).http();
      var settings = new Settings(User.bearing(server, server.platformKey()).http());
      Await.until("the setting is defined", LIMIT, () -> isDefined(settings));
      settings.http().post(Settings.APPLY, Settings.change(KEY, "calls.key=none")).expect(400);
      settings.set(KEY, "calls.key=3");
      Await.until("the limit", LIMIT, () -> owner.get("/v1/conversations").status() == 429);
      var refused = owner.get("/v1/conversations");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("Retry-After")).isPresent();
      assertThat(refused.failure(429).reason()).isEqualTo("RATE_LIMITED");
    }
  }

  private static boolean isDefined(Settings settings) {
    return settings.http().get("/v1/config/definitions/" + KEY).status() == 200;
  }
}
