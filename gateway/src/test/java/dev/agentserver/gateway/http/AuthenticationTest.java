package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.gateway.test.FakeAccess;
import dev.agentserver.gateway.test.TestGateway;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
  private TestGateway gateway;

  @BeforeEach
  void start() {
    gateway = new TestGateway();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private HttpResponse<String> with(String header, String value) {
    return gateway.send(gateway.request("/v1/notes/5").header(header, value));
  }

  private static void assertUnauthenticated(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("www-authenticate").orElse("")).startsWith("Bearer");
    assertThat(response.body()).contains("\"reason\":\"UNAUTHENTICATED\"");
  }

  @Test
  void aTokenGoesOnAsItIs() {
    assertThat(with("Authorization", "bearer a.b.c").statusCode()).isEqualTo(200);
    assertThat(gateway.recorder().header("authorization")).isEqualTo("Bearer a.b.c");
    assertThat(gateway.exchanges()).isZero();
  }

  @Test
  void aTokenOfAProviderIsExchangedOnce() {
    var claims =
        Base64.getUrlEncoder()
            .encodeToString("{\"iss\":\"https://a.example\"}".getBytes(StandardCharsets.UTF_8));
    for (var i = 0; i < 2; i++) {
      assertThat(with("Authorization", "Bearer a." + claims + ".c").statusCode()).isEqualTo(200);
    }

    assertThat(FakeAccess.credential(gateway.recorder().header("authorization")))
        .isEqualTo(FakeAccess.OIDC);
    assertThat(gateway.exchanges()).isEqualTo(1);
  }

  @Test
  void aKeyIsExchangedOnce() {
    assertThat(with("Authorization", "Bearer " + TestGateway.KEY).statusCode()).isEqualTo(200);
    assertThat(FakeAccess.credential(gateway.recorder().header("authorization")))
        .isEqualTo(TestGateway.KEY);
    assertThat(with("X-API-Key", TestGateway.KEY).statusCode()).isEqualTo(200);

    assertThat(gateway.exchanges()).isEqualTo(1);
    assertThat(gateway.recorder().header("x-api-key")).isNull();
  }

  @Test
  void manyCallsWithANewKeyExchangeItOnce() {
    var statuses =
        IntStream.range(0, 32)
            .parallel()
            .map(_ -> with("X-API-Key", TestGateway.KEY).statusCode())
            .boxed()
            .toList();

    assertThat(statuses).containsOnly(200);
    assertThat(gateway.exchanges()).isEqualTo(1);
  }

  @Test
  void aRefusedKeyIsToldAsTheServiceToldItAndAskedForAgain() {
    assertUnauthenticated(with("X-API-Key", TestGateway.REFUSED_KEY));
    assertThat(with("X-API-Key", TestGateway.REFUSED_KEY).body()).contains("the key is not known");
    assertThat(gateway.exchanges()).isEqualTo(2);
  }

  @Test
  void aDamagedKeyIsRefusedWithoutAsking() {
    assertUnauthenticated(with("X-API-Key", TestGateway.KEY + "x"));
    assertThat(gateway.exchanges()).isZero();
  }

  @Test
  void withoutACredentialOnlyWhatIsPublicIsServed() {
    assertUnauthenticated(gateway.get("/v1/notes/5"));
    assertThat(gateway.get("/shelves").statusCode()).isEqualTo(200);
    assertThat(gateway.recorder().header("authorization")).isNull();
  }

  @Test
  void anotherSchemeIsRefused() {
    assertUnauthenticated(with("Authorization", "Basic YTpi"));
  }

  @Test
  void withoutAccessServiceAKeyHasToWait() {
    try (var alone = new TestGateway(Map.of("ACCESS_TARGET", "static:127.0.0.1:1"))) {
      var response = alone.send(alone.request("/v1/notes/5").header("X-API-Key", TestGateway.KEY));

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("retry-after")).hasValue("1");
      assertThat(response.body())
          .contains("\"reason\":\"UNAVAILABLE\"")
          .contains("\"dependency\":\"access\"")
          .doesNotContain("127.0.0.1");
    }
  }
}
