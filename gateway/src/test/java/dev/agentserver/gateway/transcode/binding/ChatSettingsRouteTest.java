package dev.agentserver.gateway.transcode.binding;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.agentserver.gateway.contract.Contracts;
import dev.agentserver.gateway.contract.Methods;
import dev.agentserver.gateway.transcode.codec.BodyCodec;
import dev.agentserver.gateway.transcode.route.Route;
import dev.agentserver.gateway.transcode.route.RouteTrie.Lookup;
import dev.agentserver.gateway.transcode.route.Routes;
import dev.agentserver.settings.v1.UpdateChatSettingsRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The one PUT of the sources: it replaces what they name, so that a list can become empty.
class ChatSettingsRouteTest {
  private static final Contracts CONTRACTS = Contracts.load(Optional.empty());
  private static final Routes ROUTES =
      new Routes(new Methods(CONTRACTS, Set.of("agentserver.settings")));
  private static final Binder BINDER = new Binder(new BodyCodec(CONTRACTS.types()));

  @Test
  void theLiteralPutNamesTheFieldsOfTheSources() {
    var request =
        bind(
            "PUT",
            "/users/me/chat-settings",
            """
            {"enabled_tools": [], "enabled_agents": ["a"], "model": "m", "temperature": 0.2, "max_tokens": 5}
            """);
    assertThat(request.getUpdateMask().getPathsList())
        .containsExactly("enabled_tools", "enabled_agents", "model", "temperature", "max_tokens");
    assertThat(request.getChatSettings().getEnabledAgentsList()).containsExactly("a");
    assertThat(request.getChatSettings().getTemperature()).isEqualTo(0.2);
  }

  @Test
  void aPatchNamesWhatItsBodyHas() {
    var request =
        bind("PATCH", "/v1/users/me/chat-settings", "{\"enabled_tools\": [], \"model\": \"m\"}");
    assertThat(request.getUpdateMask().getPathsList())
        .containsExactlyInAnyOrder("enabled_tools", "model");
  }

  private static UpdateChatSettingsRequest bind(String method, String path, String body) {
    if (!(ROUTES.find(method, path) instanceof Lookup.Found<Route>(var route, var values))) {
      throw new AssertionError("no route for " + method + " " + path);
    }
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    try {
      return UpdateChatSettingsRequest.parseFrom(
          BINDER.bind(route, new RestRequest(values, "", null, null, null, null, bytes)));
    } catch (InvalidProtocolBufferException damaged) {
      throw new AssertionError(damaged);
    }
  }
}
