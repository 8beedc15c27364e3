package dev.agentserver.e2e.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.Reply;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import java.io.ByteArrayOutputStream;
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
