package dev.agentserver.e2e.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.Reply;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Texts that no database likes.
@ExtendWith(SharedServer.class)
class BadTextTest {
  private Http http;
  private String messages;

  @BeforeEach
  void begin(Server server) {
    var user = User.member(server);
    http = user.http();
    messages = User.messages(user.conversation("texts"));
  }

  @Test
  void aNulBecomesTheReplacementCharacter() {
    var body = "{\"role\":\"user\",\"content\":\"a\\u0000b\",\"metadata\":{\"k\":\"\\u0000\"}}";
    var message = http.post(messages, body).expect(201).json();
    assertThat(message.path("content").asText()).isEqualTo("a\uFFFDb");
    assertThat(message.path("metadata").path("k").asText()).isEqualTo("\uFFFD");
  }

  @Test
  void aNulInsideStructuredContentBecomesTheReplacementCharacter() {
    var part =
        """
        {"tool_call":{"id":"1","name":"f","input":{"a\\u0000":["\\u0000",{"b":"\\\\u0000"}]}}}""";
    var body = "{\"role\":\"assistant\",\"parts\":[" + part + "]}";
    var input =
        http.post(messages, body)
            .expect(201)
            .json()
            .path("parts")
            .path(0)
            .path("tool_call")
            .path("input");
    assertThat(input).isEqualTo(Json.parse("{\"a\uFFFD\":[\"\uFFFD\",{\"b\":\"\\\\u0000\"}]}"));
  }

  @Test
  void aNulInATitleBecomesTheReplacementCharacter() {
    var created = http.post("/conversations", "{\"title\":\"a\\u0000b\"}").expect(201).json();
    assertThat(created.path("title").asText()).isEqualTo("a\uFFFDb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "\\udc00", "a\\ud83d b", "\\ude00\\ud83d"})
  void aLoneSurrogateIsRefused(String escape) {
    var failure =
        http.post(messages, "{\"role\":\"user\",\"content\":\"" + escape + "\"}").failure(400);
    assertThat(failure.reason()).isEqualTo("INVALID_ARGUMENT");
    assertThat(failure.fields()).isNotEmpty();
    assertNothingStored();
  }

  @Test
  void aSurrogatePairWrittenAsEscapesIsOneCharacter() {
    var body = "{\"role\":\"user\",\"content\":\"\\ud83e\\udd89\"}";
    assertThat(http.post(messages, body).expect(201).json().path("content").asText())
        .isEqualTo("🦉");
  }

  @ParameterizedTest
  @ValueSource(strings = {"80", "c3", "c328", "eda080", "f0288cbc", "f4908080", "fe", "c080"})
  void brokenUtf8IsRefused(String bytes) {
    var failure = post(HexFormat.of().parseHex(bytes)).failure(400);
    assertThat(failure.reason()).isEqualTo("INVALID_ARGUMENT");
    assertNothingStored();
  }

  @Test
  void brokenUtf8InAPathOrQueryIsNotServed() {
    for (var path : new String[] {"/messages/%ff", "/conversations?title_contains=%c3%28"}) {
      var reply = http.get(path);
      assertThat(reply.status()).as(path).isIn(400, 404);
      reply.failure(reply.status());
    }
  }

  private Reply post(byte[] text) {
    var body = new ByteArrayOutputStream();
    body.writeBytes("{\"role\":\"user\",\"content\":\"".getBytes(StandardCharsets.UTF_8));
    body.writeBytes(text);
    body.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
    return http.with("Content-Type", "application/json").send("POST", messages, body.toByteArray());
  }

  private void assertNothingStored() {
    assertThat(http.get(messages).expect(200).json().path("messages")).isEmpty();
  }
}
