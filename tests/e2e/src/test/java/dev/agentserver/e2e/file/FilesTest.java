package dev.agentserver.e2e.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.client.Reply;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SharedServer.class)
class FilesTest {
  private final Server server;

  FilesTest(Server server) {
    this.server = server;
  }

  @ParameterizedTest
  @CsvSource({"/v1/files, attachment", "/files/upload, attachment", "/upload/document, document"})
  void aFileIsUploadedFoundReadAndDeletedByTheRoutesOfTheSources(String path, String purpose) {
    var ann = User.member(server);
    var made = upload(ann, path, "résumé 测试.txt", "hello " + path);
    assertThat(made.json().fieldNames())
        .toIterable()
        .containsExactly("file_id", "url", "minio_path");
    var id = made.json().path("file_id").asText();

    var file = ann.http().get("/files/" + id).expect(200).json();
    assertThat(file.path("filename").asText()).isEqualTo("résumé 测试.txt");
    assertThat(file.path("purpose").asText()).isEqualTo(purpose);
    assertThat(file.path("state").asText()).isEqualTo("STATE_READY");
    assertThat(ann.http().get("/v1/files/" + id).expect(200).json()).isEqualTo(file);
    assertThat(ann.http().get("/v1/files").expect(200).json().path("files")).hasSize(1);

    var url = made.json().path("url").asText();
    assertThat(ann.http().get(url).expect(200).body()).isEqualTo("hello " + path);
    assertThat(ann.http().with("Range", "bytes=0-4").get(url).expect(206).body())
        .isEqualTo("hello");
    ann.http().with("Range", "bytes=99-").get(url).expect(416);

    ann.http().delete("/files/" + id).expect(204);
    ann.http().get("/files/" + id).expect(404);
    ann.http().get(url).expect(404);
  }

  @Test
  void theMembersOfAConversationReadWhatIsAttachedToIt() {
    var ann = User.member(server);
    var conversation = ann.conversation("with a plan");
    var made = upload(ann, "/v1/files", "plan.txt", "the plan");
    var id = made.json().path("file_id").asText();
    var url = made.json().path("url").asText();
    var link = "{\"conversation_id\": \"%s\"}".formatted(conversation);
    ann.http().post("/v1/files/" + id + "/links", link).expect(200);
    var bob = User.member(server);
    bob.http().get(url).expect(404);
    bob.http().post("/v1/files/" + id + "/links", link).expect(404);
    assertThat(ann.http().get("/v1/files/" + id + "/links").expect(200).json().path("links"))
        .hasSize(1);
    ann.http().delete("/v1/files/" + id + "/links/" + conversation).expect(204);
    assertThat(ann.http().get("/v1/files:usage").expect(200).json().path("bytes").asText())
        .isEqualTo("8");
  }

  @ParameterizedTest
  @CsvSource({
    "x.svg, <svg onload='alert(1)'/>",
    "x.html, <!DOCTYPE html><script>alert(1)</script>",
    "x.txt, <script>alert(1)</script>"
  })
  void whatABrowserMightRunIsSavedByTheGatewaysAnswerAndByTheStores(String name, String content) {
    var ann = User.member(server);
    var id = upload(ann, "/v1/files", name, content).json().path("file_id").asText();
    var answer = ann.http().get("/v1/files/" + id + "/content").expect(200);
    assertSaved(answer);
    assertThat(answer.header("x-content-type-options")).contains("nosniff");
    assertThat(answer.header("content-security-policy")).contains("default-src 'none'; sandbox");
    assertSaved(outside(downloadUrl(ann, id)).expect(200));
  }

  private static void assertSaved(Reply answer) {
    assertThat(answer.header("content-type")).contains("application/octet-stream");
    assertThat(answer.header("content-disposition").orElseThrow()).startsWith("attachment; ");
  }

  @Test
  void aFileGoesStraightToTheStoreAndBackUnderItsName() throws Exception {
    var ann = User.member(server);
    var begun =
        ann.http()
            .post("/v1/files:createUploadUrl", "{\"filename\": \"résumé 测试.pdf\", \"size\": \"8\"}")
            .expect(200)
            .json();
    var id = begun.path("file_id").asText();
    var put =
        HttpRequest.newBuilder(URI.create(begun.path("url").asText()))
            .PUT(HttpRequest.BodyPublishers.ofString("%PDF-1.7"));
    ann.http().post("/v1/files/" + id + ":finishUpload", "{}").failure(400);
    try (var client = HttpClient.newHttpClient()) {
      assertThat(client.send(put.build(), BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    }
    var file = ann.http().post("/v1/files/" + id + ":finishUpload", "{}").expect(200).json();
    assertThat(file.path("state").asText()).isEqualTo("STATE_READY");
    var answer = outside(downloadUrl(ann, id)).expect(200);
    assertThat(answer.body()).isEqualTo("%PDF-1.7");
    assertThat(answer.header("content-disposition"))
        .isEqualTo(ann.http().get("/v1/files/" + id + "/content").header("content-disposition"))
        .hasValueSatisfying(
            header ->
                assertThat(header)
                    .startsWith("inline; ")
                    .endsWith("filename*=UTF-8''r%C3%A9sum%C3%A9%20%E6%B5%8B%E8%AF%95.pdf"));
  }

  private static URI downloadUrl(User user, String id) {
    var created = user.http().post("/v1/files/" + id + ":createDownloadUrl", "{}").expect(200);
    return URI.create(created.json().path("url").asText());
  }

  /// With nothing but the URL.
  private static Reply outside(URI url) {
    return new Http(url).get(url.toString());
  }

  private static Reply upload(User user, String path, String filename, String content) {
    var form = new ByteArrayOutputStream();
    form.writeBytes(
        bytes(
            "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: text/plain\r\n\r\n%s\r\n--X--\r\n"
                .formatted(filename, content)));
    return user.http()
        .with("Content-Type", "multipart/form-data; boundary=X")
        .send("POST", path, form.toByteArray())
        .expect(201);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
