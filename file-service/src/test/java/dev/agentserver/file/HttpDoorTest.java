package dev.agentserver.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.file.http.FileServer;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import dev.agentserver.kit.json.Json;
import dev.agentserver.kit.test.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files by plain HTTP, at the service's own listener.
class HttpDoorTest extends ServiceTest {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1, 2};

  private final HttpClient client = HttpClient.newHttpClient();
  private FileServer server;

  @Override
  Harness start() {
    return Harness.start("FILE_FORM_MAX_MIB", "1", "FILE_USER_QUOTA_MIB", "2");
  }

  @BeforeAll
  void open() {
    server =
        FileServer.start(
            ServerConfig.from(Environment.of(Map.of("PORT", "0")), "test", 0),
            0,
            Duration.ofSeconds(2),
            service.domain().uploads(),
            service.domain().resumables(),
            service.domain().files(),
            service.identity().verifier(),
            (_, _, _, _) -> {},
            new SimpleMeterRegistry());
  }

  @AfterAll
  void close() {
    server.close();
    client.close();
  }

  @Test
  void aFormBecomesAFile() throws Exception {
    var answer = post("/files/upload", form(part("file", "notes.txt", bytes("hello form"))));
    assertThat(answer.statusCode()).isEqualTo(201);
    var json = json(answer);
    var file = alice.get(json.get("file_id").asText());
    assertThat(json.get("url").asText()).isEqualTo(file.getUrl());
    assertThat(json.get("minio_path").asText()).isEqualTo(file.getMinioPath());
    assertThat(answer.headers().firstValue("location")).contains("/v1/files/" + file.getId());
    assertThat(file.getFilename()).isEqualTo("notes.txt");
    assertThat(file.getContentType()).isEqualTo("text/x-test");
    assertThat(alice.text(file)).isEqualTo("hello form");
  }

  @Test
  void thePathOrTheFormSaysWhatItIsFor() throws Exception {
    var avatar = post("/upload/avatar", form(part("file", "me.png", PNG)));
    assertThat(purpose(avatar)).isEqualTo(File.Purpose.avatar);
    var document =
        post("/v1/files", form(field("purpose", "document"), part("file", "d.txt", bytes("d"))));
    assertThat(purpose(document)).isEqualTo(File.Purpose.document);
    var text = post("/upload/avatar", form(part("file", "me.png", bytes("not a picture"))));
    assertFault(text, 415, "MEDIA_TYPE_REFUSED");
    var unknown = post("/upload/poem", form(part("file", "p", bytes("p"))));
    assertFault(unknown, 400, "INVALID_ARGUMENT");
  }

  @Test
  void namesArriveAsTheyAreAndAreCleaned() throws Exception {
    var answer = post("/v1/files", form(part("file", "../résumé 测试.pdf", bytes("%PDF-1.7"))));
    var file = alice.get(json(answer).get("file_id").asText());
    assertThat(file.getFilename()).isEqualTo("résumé 测试.pdf");
    var content = get(file.getUrl());
    assertThat(content.headers().firstValue("content-disposition"))
        .contains(
            "inline; filename=\"r_sum_ __.pdf\";"
                + " filename*=UTF-8''r%C3%A9sum%C3%A9%20%E6%B5%8B%E8%AF%95.pdf");
    assertThat(content.headers().firstValue("content-type")).contains("application/pdf");
  }

  @Test
  void aFormThatIsTooLargeOrNoFormIsRefusedAndLeavesNothing() throws Exception {
    var large = post("/v1/files", form(part("file", "l", new byte[1024 * 1024 + 1])));
    assertFault(large, 413, "TOO_LARGE");
    var empty = post("/v1/files", form(field("purpose", "document")));
    assertFault(empty, 400, "INVALID_ARGUMENT");
    var twice =
        post("/v1/files", form(part("file", "a", bytes("a")), part("file", "b", bytes("b"))));
    assertFault(twice, 400, "INVALID_ARGUMENT");
    var json =
        client.send(
            request(alice, "/v1/files")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofString());
    assertFault(json, 415, "MEDIA_TYPE_REFUSED");
    nothingIsLeft();
  }

  @Test
  void aUserWithoutRoomIsToldWhoseQuotaItIs() throws Exception {
    var carol = service.person(UUID.randomUUID(), "MEMBER");
    for (var i = 0; i < 2; i++) {
      carol.upload(UploadHeader.newBuilder(), new byte[1024 * 1024 - i]);
    }
    var answer =
        client.send(
            request(carol, "/v1/files")
                .header("content-type", "multipart/form-data; boundary=X")
                .POST(BodyPublishers.ofByteArray(form(part("file", "x", bytes("12")))))
                .build(),
            BodyHandlers.ofString());
    assertFault(answer, 429, "QUOTA_EXCEEDED");
    assertThat(answer.body()).contains("google.rpc.QuotaFailure", "user:");
  }

  @Test
  void contentIsServedWithHeadersThatKeepTheBrowserSafe() throws Exception {
    var svg = alice.upload("x.svg", "<svg onload='alert(1)'/>");
    var html = alice.upload("x.html", "<script>alert(1)</script>");
    for (var file : List.of(svg, html)) {
      var answer = get(file.getUrl());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-type")).contains("application/octet-stream");
      assertThat(answer.headers().firstValue("content-disposition").orElseThrow())
          .startsWith("attachment;");
      assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
      assertThat(answer.headers().firstValue("content-security-policy"))
          .contains("default-src 'none'; sandbox");
    }
    var text = get(alice.upload("x.txt", "text").getUrl());
    assertThat(text.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
    assertThat(text.headers().firstValue("content-disposition").orElseThrow())
        .startsWith("inline;");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, 200, 0123456789, -",
        "bytes=2-4, 206, 234, bytes 2-4/10",
        "bytes=7-, 206, 789, bytes 7-9/10",
        "bytes=-3, 206, 789, bytes 7-9/10",
        "bytes=-30, 206, 0123456789, bytes 0-9/10",
        "bytes=5-99, 206, 56789, bytes 5-9/10",
        "'bytes=0-1,4-5', 200, 0123456789, -",
        "bytes=4-2, 200, 0123456789, -",
        "lines=1-2, 200, 0123456789, -",
        "bytes=10-, 416, -, bytes */10",
        "bytes=-0, 416, -, bytes */10"
      })
  void aRangeIsServedAsItIsAskedFor(String range, int status, String body, String contentRange)
      throws Exception {
    var file = alice.upload("digits", "0123456789");
    var request = request(alice, file.getUrl());
    if (range != null) {
      request.header("range", range);
    }
    var answer = client.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-range").orElse(null)).isEqualTo(contentRange);
    if (body != null) {
      assertThat(answer.body()).isEqualTo(body);
    }
  }

  @Test
  void whatIsKnownIsNotSentAndAnotherVersionIsSentWhole() throws Exception {
    var file = alice.upload("e", "version one");
    var etag = get(file.getUrl()).headers().firstValue("etag").orElseThrow();
    assertThat(etag).isEqualTo("\"" + file.getSha256() + "\"");
    var known =
        client.send(
            request(alice, file.getUrl()).header("if-none-match", "\"x\", W/" + etag).build(),
            BodyHandlers.ofString());
    assertThat(known.statusCode()).isEqualTo(304);
    assertThat(ranged(file, etag).statusCode()).isEqualTo(206);
    assertThat(ranged(file, "\"other\"").statusCode()).isEqualTo(200);
    assertThat(ranged(file, "W/" + etag).statusCode()).isEqualTo(200);
    var head = client.send(request(alice, file.getUrl()).HEAD().build(), BodyHandlers.ofString());
    assertThat(head.headers().firstValue("content-length")).contains("11");
    assertThat(head.body()).isEmpty();
    var empty = alice.upload("none", "");
    assertThat(get(empty.getUrl()).statusCode()).isEqualTo(200);
  }

  @Test
  void whoMayNotReadGetsNothing() throws Exception {
    var file = alice.upload("s", "secret");
    var anonymous =
        client.send(HttpRequest.newBuilder(uri(file.getUrl())).build(), BodyHandlers.ofString());
    assertFault(anonymous, 401, "UNAUTHENTICATED");
    var stranger = client.send(request(bob, file.getUrl()).build(), BodyHandlers.ofString());
    assertFault(stranger, 404, "NOT_FOUND");
    var viewer = service.person(TENANT, "VIEWER");
    var upload =
        client.send(
            request(viewer, "/v1/files")
                .header("content-type", "multipart/form-data; boundary=X")
                .POST(BodyPublishers.ofByteArray(form(part("file", "x", bytes("x")))))
                .build(),
            BodyHandlers.ofString());
    assertFault(upload, 403, "PERMISSION_DENIED");
    var conversation = UUID.randomUUID();
    service.conversations().reader(conversation, bob.caller().principalId());
    service.sql(
        "insert into file_link values ('%s', gen_random_uuid(), '%s', '%s', null, now())"
            .formatted(TENANT, file.getId(), conversation));
    assertThat(client.send(request(bob, file.getUrl()).build(), BodyHandlers.ofString()).body())
        .isEqualTo("secret");
    assertFault(get("/v1/files/no-id/content"), 400, "INVALID_ARGUMENT");
    assertFault(get("/v1/elsewhere"), 404, "NOT_FOUND");
  }

  @Test
  void aClientThatStallsIsCutOffAndLeavesNothing() throws Exception {
    try (var socket = new Socket("127.0.0.1", server.port())) {
      var head =
          """
          POST /v1/files HTTP/1.1\r
          Host: x\r
          Authorization: Bearer %s\r
          Content-Type: multipart/form-data; boundary=X\r
          Content-Length: 100000\r
          \r
          --X\r
          Content-Disposition: form-data; name="file"; filename="f"\r
          \r
          half of\
          """
              .formatted(service.identity().token(alice.caller()));
      socket.getOutputStream().write(bytes(head));
      socket.getOutputStream().flush();
      Await.until(
          "the upload is under way",
          () -> service.column("select 1 from blob where state = 'WRITING'").size() == 1);
      socket.setSoTimeout(20_000);
      // An answer, or the end of the connection.
      socket.getInputStream().read();
    }
    nothingIsLeft();
  }

  private void nothingIsLeft() {
    Await.until(
        "nothing is left",
        () ->
            service
                .column("select count(*) from blob where state <> 'READY'")
                .equals(List.of("0")));
    assertOneTruth();
  }

  private HttpResponse<String> ranged(File file, String condition) throws Exception {
    return client.send(
        request(alice, file.getUrl())
            .header("range", "bytes=0-1")
            .header("if-range", condition)
            .build(),
        BodyHandlers.ofString());
  }

  private File.Purpose purpose(HttpResponse<String> answer) {
    return alice.get(json(answer).get("file_id").asText()).getPurpose();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(alice, path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, byte[] form) throws Exception {
    return client.send(
        request(alice, path)
            .header("content-type", "multipart/form-data; boundary=X")
            .POST(BodyPublishers.ofByteArray(form))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(Person person, String path) {
    return HttpRequest.newBuilder(uri(path))
        .header("authorization", "Bearer " + service.identity().token(person.caller()));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private static byte[] part(String name, String filename, byte[] content) {
    var part = new ByteArrayOutputStream();
    part.writeBytes(
        bytes(
            "--X\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\nContent-Type: text/x-test\r\n\r\n"
                .formatted(name, filename)));
    part.writeBytes(content);
    part.writeBytes(bytes("\r\n"));
    return part.toByteArray();
  }

  private static byte[] field(String name, String value) {
    return bytes(
        "--X\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(name, value));
  }

  private static byte[] form(byte[]... parts) {
    var form = new ByteArrayOutputStream();
    for (var part : parts) {
      form.writeBytes(part);
    }
    form.writeBytes(bytes("--X--\r\n"));
    return form.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.parse(answer.body()).orElseThrow();
  }

  private static void assertFault(HttpResponse<String> answer, int status, String reason) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"reason\":\"" + reason + "\"");
  }
}
