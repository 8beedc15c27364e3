package dev.agentserver.file.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentserver.file.object.ObjectStore;
import dev.agentserver.file.test.Bytes;
import dev.agentserver.file.test.TestStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// URLs that are handed out, used from outside by a client that knows nothing of S3.
class PresignTest {
  private static final Duration VALIDITY = Duration.ofMinutes(5);
  private static final int FORBIDDEN = 403;

  /// What the server is called outside; the process itself calls it otherwise.
  private static final String PUBLIC = TestStore.publicEndpoint().getHost();

  @Test
  void oneWritesAndAnotherReadsByTheHostThatWasSigned() throws Exception {
    try (var store = open();
        var client = HttpClient.newHttpClient()) {
      var bytes = Bytes.random(100_000, 1);
      var put = store.presignPut("incoming/a", bytes.length, VALIDITY).url();
      assertThat(put.getHost()).isEqualTo(PUBLIC);
      assertThat(put(client, put, bytes)).isEqualTo(200);
      assertThat(store.digest("incoming/a")).contains(Bytes.digest(bytes));

      var disposition = "attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf";
      var answer =
          get(
              client,
              store.presignGet("incoming/a", VALIDITY, "application/pdf", disposition).url());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(bytes);
      assertThat(answer.headers().firstValue("Content-Disposition")).contains(disposition);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/pdf");
    }
  }

  @Test
  void whatWasNotSignedIsRefused() throws Exception {
    try (var store = open();
        var client = HttpClient.newHttpClient()) {
      var bytes = Bytes.random(10, 1);
      var signed = store.presignPut("incoming/b", bytes.length, VALIDITY).url().toString();
      var otherKey = signed.replace("incoming/b", "ready/b");
      assertThat(put(client, URI.create(otherKey), bytes)).isEqualTo(FORBIDDEN);
      var otherHost = signed.replace(PUBLIC, TestStore.endpoint().getHost());
      assertThat(otherHost).isNotEqualTo(signed);
      assertThat(put(client, URI.create(otherHost), bytes)).isEqualTo(FORBIDDEN);
      assertThat(get(client, URI.create(signed)).statusCode()).isEqualTo(FORBIDDEN);
      assertThat(put(client, URI.create(signed), Bytes.random(11, 1))).isEqualTo(FORBIDDEN);
      var unsigned = signed.substring(0, signed.indexOf('?'));
      assertThat(put(client, URI.create(unsigned), bytes)).isEqualTo(FORBIDDEN);
      assertThat(store.list("", null, 10)).isEmpty();
    }
  }

  @Test
  void aUrlOfAnotherSecretIsRefused() throws Exception {
    try (var store = open();
        var client = HttpClient.newHttpClient();
        var other =
            new S3ObjectStore(
                TestStore.config(
                    TestStore.endpoint(), TestStore.publicEndpoint(), "another-secret"),
                Clock.systemUTC())) {
      var key = "incoming/c";
      var url =
          other
              .presignPut(key, 10, VALIDITY)
              .url()
              .toString()
              .replace(other.bucket(), store.bucket());
      assertThat(put(client, URI.create(url), Bytes.random(10, 1))).isEqualTo(FORBIDDEN);
    }
  }

  @Test
  void aPageOfAnotherOriginMayUseTheEmbeddedStoresUrls() throws Exception {
    assumeTrue(TestStore.isEmbedded());
    try (var store = open();
        var client = HttpClient.newHttpClient()) {
      var url = store.presignPut("incoming/d", 10, VALIDITY).url();
      var asked =
          HttpRequest.newBuilder(url)
              .method("OPTIONS", BodyPublishers.noBody())
              .header("Origin", "https://page.example")
              .header("Access-Control-Request-Method", "PUT");
      var allowed = client.send(asked.build(), BodyHandlers.discarding());
      assertThat(allowed.statusCode()).isEqualTo(200);
      assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
      assertThat(allowed.headers().firstValue("Access-Control-Allow-Methods").orElseThrow())
          .contains("PUT");
    }
  }

  private static ObjectStore open() {
    return TestStore.open();
  }

  private static int put(HttpClient client, URI url, byte[] bytes)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(url).PUT(BodyPublishers.ofByteArray(bytes)).build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private static HttpResponse<byte[]> get(HttpClient client, URI url)
      throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofByteArray());
  }
}
