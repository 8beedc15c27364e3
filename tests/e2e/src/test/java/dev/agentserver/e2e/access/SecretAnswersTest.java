package dev.agentserver.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.HttpRule;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a credential holds is in the answer of no route that reads, whoever asks.
@ExtendWith(SharedServer.class)
class SecretAnswersTest {
  private static final Pattern VARIABLE = Pattern.compile("\\{([^}=]+)[^}]*}");

  private final Server server;
  private final String canary = "canary-" + UUID.randomUUID();

  SecretAnswersTest(Server server) {
    this.server = server;
  }

  @Test
  void noAnswerHoldsWhatACredentialHolds() {
    var owner = User.owner(server, 1).http();
    var name = "n" + UUID.randomUUID();
    var provider = made(owner, "/v1/providers", "{\"name\": \"%s\"}", name);
    var integration = made(owner, "/v1/integrations", "{\"name\": \"%s\"}", name);
    var body = "{\"provider_id\": \"%s\", \"field\": \"token\", \"value\": \"%s\"}";
    var credential = made(owner, "/v1/credentials", body, provider, canary);
    made(owner, "/v1/credentials", body.replace("provider", "integration"), integration, canary);
    var ids =
        Map.of("credential_id", credential, "provider_id", provider, "integration_id", integration);

    var reads = reads(ids);
    assertThat(reads).contains("/v1/credentials", "/v1/credentials/" + credential);
    var readers = List.of(owner, User.member(server).http(), User.anonymous(server).http());
    var answered = 0;
    for (var path : reads) {
      for (var reader : readers) {
        var answer = reader.get(path);
        assertThat(answer.body()).as(path).doesNotContain(canary);
        assertThat(answer.headers().map().toString()).as(path).doesNotContain(canary);
        answered += answer.status() == 200 ? 1 : 0;
      }
    }
    assertThat(answered).as("answers that were none but refusals").isGreaterThan(20);
    assertThat(owner.get("/v1/credentials/" + credential).expect(200).json().path("last_four"))
        .hasToString("\"" + canary.substring(canary.length() - 4) + "\"");
  }

  private String made(Http owner, String path, String body, Object... values) {
    var json = Json.parse(body.formatted(values));
    return owner.post(path, json).expect(201).json().path("id").asText();
  }

  /// Every route that reads and ends; what is not a credential's is asked for by a strange id.
  private static List<String> reads(Map<String, String> ids) {
    return Contracts.rpcs().stream()
        .filter(rpc -> !rpc.method().isServerStreaming())
        .flatMap(rpc -> rpc.routes().stream())
        .filter(HttpRule::hasGet)
        .map(HttpRule::getGet)
        .map(
            template ->
                VARIABLE
                    .matcher(template)
                    .replaceAll(
                        variable -> ids.getOrDefault(variable.group(1), ids.get("credential_id"))))
        .distinct()
        .toList();
  }
}
