package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.SplitHttpResponse;
import dev.agentserver.gateway.test.TestGateway;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams both ways: answers come while the request is still being sent.
class BidiTest {
  private TestGateway gateway;
  private ClientFactory factory;

  @BeforeEach
  void start() {
    gateway = new TestGateway();
    factory = ClientFactory.builder().build();
  }

  @AfterEach
  void stop() {
    factory.closeAsync();
    gateway.close();
  }

  private WebClient client(String protocol) {
    return WebClient.builder(protocol + "://127.0.0.1:" + gateway.gateway().port())
        .factory(factory)
        .responseTimeoutMillis(0)
        .build();
  }

  private static HttpRequestWriter request(String accept) {
    return HttpRequest.streaming(
        RequestHeaders.builder(HttpMethod.POST, "/v1/chat")
            .add("content-type", "application/json")
            .add("accept", accept)
            .build());
  }

  private static BufferedReader reader(SplitHttpResponse response) {
    return new BufferedReader(
        new InputStreamReader(response.body().toInputStream(data -> data), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"h1c", "h2c"})
  void eachMessageIsAnsweredBeforeTheNextIsSent(String protocol) throws IOException {
    var request = request("application/x-ndjson");
    var response = client(protocol).execute(request).split();
    request.write(HttpData.ofUtf8("[{\"number\":0}"));
    try (var lines = reader(response)) {
      assertThat(response.headers().join().status().code()).isEqualTo(200);
      for (int i = 0; i < 5; i++) {
        assertThat(lines.readLine()).isEqualTo("{\"data\":\"\",\"number\":" + i + "}");
        request.write(HttpData.ofUtf8(",{\"number\":" + (i + 1) + "}"));
      }
      lines.readLine();
      request.write(HttpData.ofUtf8("]"));
      request.close();
      assertThat(lines.readLine()).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/event-stream|data: {\"data\":\"\",\"number\":1}",
        "application/json|[{\"data\":\"\",\"number\":1}]",
        "application/x-ndjson|{\"data\":\"\",\"number\":1}"
      })
  void theFormOfTheAnswersIsTheClientsChoice(String accept, String expected) {
    var request = request(accept);
    var response = client("h1c").execute(request);
    request.write(HttpData.ofUtf8("[{\"number\":1}]"));
    request.close();

    var whole = response.aggregate().join();
    assertThat(whole.headers().get("content-type")).isEqualTo(accept);
    assertThat(whole.contentUtf8()).contains(expected);
  }

  @Test
  void whatIsWrongLaterIsToldInTheStream() {
    var request = request("application/x-ndjson");
    var response = client("h1c").execute(request).split();
    request.write(HttpData.ofUtf8("[{\"number\":1},"));
    var lines = reader(response).lines().iterator();
    lines.next();
    request.write(HttpData.ofUtf8("{\"nummer\":2}"));

    assertThat(lines.next()).startsWith("{\"error\":{\"code\":3").contains("nummer");
    assertThat(lines.hasNext()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h1c", "h2c"})
  void aClientThatGoesAwayCancelsTheCall(String protocol) throws Exception {
    var request = request("application/x-ndjson");
    var response = client(protocol).execute(request).split();
    request.write(HttpData.ofUtf8("[{\"number\":0}"));
    var body = reader(response);
    body.readLine();

    request.abort();

    gateway.awaitCancelled();
  }
}
