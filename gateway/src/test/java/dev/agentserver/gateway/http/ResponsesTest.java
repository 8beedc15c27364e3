package dev.agentserver.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.gateway.test.TestGateway;
import dev.agentserver.test.notebook.GetNoteRequest;
import dev.agentserver.test.notebook.ListNotesRequest;
import dev.agentserver.test.notebook.View;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What REST answers beside the reply itself: status, headers, arrays.
class ResponsesTest {
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new TestGateway();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static HttpResponse<String> get(String path) {
    return gateway.send("GET", path, "");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/notes, /v1/notes/n-1",
    "/notes, /notes/n-1",
    "/v1/books/b-1/notes, /v1/notes/n-1",
    "/v1/notes/, /v1/notes/n-1"
  })
  void aNewResourceIsCreatedAndSaysWhere(String collection, String location) {
    var response = gateway.send("POST", collection, "{\"title\": \"x\"}");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(header(response, "location")).isEqualTo(location);
    assertThat(header(response, "etag")).isEqualTo("\"v1\"");
  }

  @Test
  void whatIsNoCollectionHasNoLocation() {
    var response = gateway.send("POST", "/v1/notes/n-1:archive", "");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(header(response, "location")).isEmpty();
  }

  @Test
  void aDeletionHasNoBody() {
    var response = gateway.send("DELETE", "/v1/notes/n-1", "");

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.body()).isEmpty();
    assertThat(header(response, "content-type")).isEmpty();
  }

  @Test
  void aResourceSaysItsStateAndIsKeptByNobody() {
    var response =
        gateway.send(
            gateway
                .request("/v1/notes/5")
                .header("Authorization", "Bearer x.y.z")
                .header("If-None-Match", "\"v7\""));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "etag")).isEqualTo("\"v7\"");
    assertThat(header(response, "cache-control")).isEqualTo("no-store");
  }

  @Test
  void aLiteralListIsAnArrayWithItsNextPageInHeaders() {
    var response = get("/notes?page_size=2&labels=a%20b&page_token=x&pageToken=y");

    assertThat(response.statusCode()).isEqualTo(400);
    response = get("/notes?page_size=2&labels=a%20b&pageToken=y");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).startsWith("[{\"id\":\"n-0\"").endsWith("}]").contains("\"n-1\"");
    assertThat(header(response, "x-next-page-token")).isEqualTo("next/token+1=");
    assertThat(header(response, "link"))
        .isEqualTo(
            "</notes?page_size=2&labels=a%20b&page_token=next%2Ftoken%2B1%3D>; rel=\"next\"");
  }

  @Test
  void theNextPageIsAskedForWithTheLinkAsItStands() {
    var link = header(get("/notes?page_size=2"), "link");

    get(link.substring(1, link.indexOf('>')));

    assertThat(((ListNotesRequest) gateway.recorder().message()).getPageToken())
        .isEqualTo("next/token+1=");
  }

  @Test
  void theLastPageHasNoSuchHeaders() {
    var response = get("/notes?page_size=2&page_token=last");

    assertThat(header(response, "link")).isEmpty();
    assertThat(header(response, "x-next-page-token")).isEmpty();
  }

  @Test
  void anEmptyLiteralListIsAnEmptyArray() {
    assertThat(get("/notes").body()).isEqualTo("[]");
  }

  @Test
  void theVersionedListIsAnObject() {
    var response = get("/v1/notes?page_size=1");

    assertThat(response.body())
        .startsWith("{\"notes\":[{")
        .endsWith("],\"next_page_token\":\"next/token+1=\"}");
    assertThat(header(response, "x-next-page-token")).isEqualTo("next/token+1=");
  }

  @Test
  void literalRoutesHaveTheirDefaults() {
    get("/notes/5");

    assertThat(gateway.recorder().message())
        .isEqualTo(GetNoteRequest.newBuilder().setNoteId("5").setView(View.VIEW_FULL).build());
  }

  @Test
  void aHeadHasTheHeadersOfAGet() {
    var response =
        gateway.send(
            gateway
                .request("/v1/notes/5")
                .header("Authorization", "Bearer x.y.z")
                .method("HEAD", BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "etag")).isEqualTo("\"v7\"");
    assertThat(response.body()).isEmpty();
  }

  @Test
  void metadataOfTheClientReachesTheServiceButForWhatIsNotItsOwn() {
    gateway.send(
        gateway
            .request("/v1/notes/5")
            .header("Authorization", "Bearer x.y.z")
            .header("X-Request-Id", "req-7")
            .header("X-Trace", "t1")
            .header("X-Trace-Bin", "AQI=")
            .header("X-User-Id", "root")
            .header("X-Tenant-Id", "other")
            .header("X-AgentServer-Caller", "root")
            .header("X-Auth-Request-User", "root")
            .header("Grpc-Encoding", "gzip")
            .header("Cookie", "a=b")
            .header("X-Forwarded-For", "8.8.8.8"));

    var recorder = gateway.recorder();
    assertThat(recorder.header("authorization")).isEqualTo("Bearer x.y.z");
    assertThat(recorder.header("x-request-id")).isEqualTo("req-7");
    assertThat(recorder.header("x-trace")).isEqualTo("t1");
    assertThat(recorder.header("x-forwarded-for")).isEqualTo("127.0.0.1");
    assertThat(recorder.metadata().keys())
        .contains("x-trace-bin")
        .doesNotContain(
            "x-user-id",
            "x-tenant-id",
            "x-agentserver-caller",
            "x-auth-request-user",
            "cookie",
            "host");
  }

  @Test
  void aRequestIdIsMadeWhereNoneFits() {
    var made = header(gateway.get("/shelves"), "x-request-id");
    assertThat(made).isNotEmpty();
    assertThat(gateway.recorder().header("x-request-id")).isEqualTo(made);

    var given = gateway.send(gateway.request("/shelves").header("X-Request-Id", "mine"));
    assertThat(header(given, "x-request-id")).isEqualTo("mine");

    var tooLong = gateway.send(gateway.request("/shelves").header("X-Request-Id", "x".repeat(129)));
    assertThat(header(tooLong, "x-request-id")).hasSizeLessThan(129);
  }

  @Test
  void deadlinesReachTheService() {
    gateway.send(gateway.request("/shelves").header("X-Server-Timeout", "2.5"));
    assertThat(gateway.recorder().millisLeft()).isBetween(0L, 2500L);

    gateway.send(gateway.request("/shelves").header("grpc-timeout", "3S"));
    assertThat(gateway.recorder().millisLeft()).isBetween(0L, 3000L);

    gateway.get("/shelves");
    assertThat(gateway.recorder().millisLeft()).isBetween(10_000L, 30_000L);
  }
}
