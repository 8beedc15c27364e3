package dev.agentserver.e2e.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A limit of one service that is changed at another.
@ExtendWith(SharedServer.class)
class LiveSettingTest {
  private static final String KEY = "conversation.page_size";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Server server;

  LiveSettingTest(Server server) {
    this.server = server;
  }

  @Test
  void aLimitOfConversationServiceIsChangedWithoutARestart() {
    var user = User.member(server);
    var conversation = user.conversation("long");
    IntStream.range(0, 60).forEach(i -> user.message(conversation, "message " + i));
    var settings = new Settings(User.bearing(server, server.platformKey()).http());
    Await.until("the setting is defined", LIMIT, () -> isDefined(settings));
    assertThat(shown(user, conversation)).isEqualTo(50);
    try {
      settings.set(KEY, "55");
      Await.until("the new limit", LIMIT, () -> shown(user, conversation) == 55);
    } finally {
      settings.set(KEY, null);
    }
    Await.until("the default again", LIMIT, () -> shown(user, conversation) == 50);
  }

  private static boolean isDefined(Settings settings) {
    return settings.http().get("/v1/config/definitions/" + KEY).status() == 200;
  }

  private static int shown(User user, String conversation) {
    return user.http().get(User.messages(conversation)).expect(200).json().path("messages").size();
  }
}
