package dev.agentserver.settings.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
  /// How somebody gets a credential, how tokens are verified, and what browsers may know.
  private static final List<String> OPEN =
      List.of(
          "tokens:exchange",
          "AccessService/ExchangeToken",
          "AccessService/GetJwks",
          "jwks",
          "client-config",
          "ConfigurationService/GetClientConfig",
          "sharedConversations",
          "ShareService/GetSharedConversation");

  private static final Routes ROUTES = RoutesProto.read();

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/tokens:exchange, NOTHING",
    "POST, /agentserver.settings.v1.AccessService/ExchangeToken, NOTHING",
    "POST, /agentserver.settings.v1.AccessService/GetJwks, NOTHING",
    "GET, /v1/conversations/0197, CREDENTIAL",
    "GET, /conversations/0197/messages, CREDENTIAL",
    "GET, /v1/conversations/0197:watch, CREDENTIAL_OR_TICKET",
    "GET, /v1/users/me/conversations:watch, CREDENTIAL_OR_TICKET",
    "POST, /v1/conversations/0197:watch, CREDENTIAL",
    "POST, /agentserver.conversation.v1.ConversationEventService/WatchConversation, CREDENTIAL",
    "POST, /agentserver.settings.v1.RevocationService/PullRevocations, CLOSED",
    "POST, /agentserver.common.v1.OutboxService/Pull, CLOSED",
    "GET, /agentserver.settings.v1.AccessService/GetJwks, CREDENTIAL",
    "GET, /v1/tokens:exchange, CREDENTIAL",
    "GET, /nowhere, CREDENTIAL",
    "GET, /, CREDENTIAL"
  })
  void aRouteNeedsWhatItsContractSays(String method, String path, Need need) {
    assertThat(ROUTES.of(method, path)).isEqualTo(need);
  }

  @Test
  void nothingElseIsOpen() {
    assertThat(ROUTES.all())
        .filteredOn(route -> route.need() == Need.NOTHING)
        .extracting(route -> route.path().pattern())
        .allMatch(path -> OPEN.stream().anyMatch(path::contains));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/things/{id}, /v1/things/a, true",
    "/v1/things/{id}, /v1/things/a/b, false",
    "/v1/things/{id}, /v1/things/a:run, false",
    "/v1/things/{id}:run, /v1/things/a:run, true",
    "/v1/{name=things/*}/parts, /v1/things/a/parts, true",
    "/v1/{name=things/*}/parts, /v1/others/a/parts, false",
    "/v1/files/{path=**}, /v1/files/a/b/c, true",
    "/v1/a.b, /v1/aXb, false"
  })
  void aTemplateIsUnderstood(String template, String path, boolean fits) {
    assertThat(path.matches(RoutesProto.expression(template))).isEqualTo(fits);
  }
}
