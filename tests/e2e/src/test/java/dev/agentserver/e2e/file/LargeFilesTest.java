package dev.agentserver.e2e.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.agentserver.e2e.client.Grpc;
import dev.agentserver.e2e.client.Http;
import dev.agentserver.e2e.server.FreePort;
import dev.agentserver.e2e.server.Heap;
import dev.agentserver.e2e.server.Separate;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.Service;
import dev.agentserver.e2e.server.SharedServer;
import dev.agentserver.file.v1.DownloadFileRequest;
import dev.agentserver.file.v1.FileServiceGrpc;
import dev.agentserver.file.v1.UploadFileRequest;
import dev.agentserver.file.v1.UploadHeader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/// Files that are much larger than the memory of the process that they go through, both ways:
/// `-De2e.large.mib=10240`.
@ExtendWith(SharedServer.class)
@EnabledIfSystemProperty(named = "e2e.large.mib", matches = "[0-9]+")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class LargeFilesTest {
  private static final int PIECE = 256 * 1024;
  private static final long LENGTH = Long.getLong("e2e.large.mib", 0) << 20;

  /// Eight buffers of 5 MiB, and what else a running process keeps.
  private static final long FLAT = 72 << 20;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Server server;
  private final String key;
  private final int httpPort = FreePort.find();
  private final Service files;
  private final Grpc grpc;

  LargeFilesTest(Server server) {
    this.server = server;
    this.key = server.key(1);
    this.files = Separate.files(server, httpPort, "128m");
    this.grpc = Grpc.anonymous(files.url()).bearer(key);
  }

  @BeforeAll
  void start() {
    files.start();
    files.awaitReady();
  }

  @AfterAll
  void stop() {
    files.close();
    client.close();
  }

  @Test
  void byGrpcUpAndByHttpDown() throws Exception {
    var before = heap("before");
    var call = grpc.open(FileServiceGrpc.getUploadFileMethod());
    call.write(
        UploadFileRequest.newBuilder()
            .setHeader(UploadHeader.newBuilder().setFilename("by-grpc.bin"))
            .build());
    var bytes = new Endless(LENGTH);
    var middle = 0L;
    for (var piece = bytes.readNBytes(PIECE); piece.length > 0; piece = bytes.readNBytes(PIECE)) {
      call.write(UploadFileRequest.newBuilder().setData(ByteString.copyFrom(piece)).build());
      if (middle == 0 && bytes.position() > LENGTH / 2) {
        middle = heap("half way");
      }
    }
    call.halfClose();
    var file = call.read();
    assertThat(file.getSize()).isEqualTo(LENGTH);
    var sha256 = bytes.sha256();
    assertThat(file.getSha256()).isEqualTo(sha256);
    assertThat(middle).isLessThan(before + FLAT);
    var content = send("GET", file.getUrl(), BodyPublishers.noBody(), BodyHandlers.ofInputStream());
    try (var body = content.body()) {
      assertThat(Endless.sha256(body)).isEqualTo(sha256);
    }
    assertThat(heap("after")).isLessThan(before + FLAT);
    remove(file.getId());
  }

  @Test
  void byTusUpAndByGrpcDown() throws Exception {
    var before = heap("before");
    var created =
        send(
            "POST",
            "/v1/tus",
            BodyPublishers.noBody(),
            BodyHandlers.discarding(),
            "Upload-Length",
            Long.toString(LENGTH));
    var path = created.headers().firstValue("location").orElseThrow();
    var bytes = new Endless(LENGTH);
    var body = BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> bytes), LENGTH);
    var uploaded =
        send(
            "PATCH",
            path,
            body,
            BodyHandlers.ofString(),
            "Upload-Offset",
            "0",
            "Content-Type",
            "application/offset+octet-stream");
    assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(204);
    var id = path.substring(path.lastIndexOf('/') + 1);
    var call =
        grpc.follow(
            FileServiceGrpc.getDownloadFileMethod(),
            DownloadFileRequest.newBuilder().setFileId(id).build());
    var file = call.read().getFile();
    assertThat(file.getSha256()).isEqualTo(bytes.sha256());
    var length = 0L;
    for (var next = Optional.ofNullable(call.read());
        next.isPresent();
        next = Optional.ofNullable(call.read())) {
      length += next.get().getData().size();
    }
    assertThat(length).isEqualTo(LENGTH);
    assertThat(heap("after")).isLessThan(before + FLAT);
    remove(id);
  }

  private <T> HttpResponse<T> send(
      String method,
      String path,
      HttpRequest.BodyPublisher body,
      HttpResponse.BodyHandler<T> handler,
      String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
            .version(HttpClient.Version.HTTP_1_1)
            .method(method, body)
            .header("Authorization", "Bearer " + key)
            .header("Tus-Resumable", "1.0.0");
    for (var i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), handler);
  }

  /// What is used after a collection, which is said as well.
  private long heap(String when) {
    var used = Heap.used(files.process());
    System.out.printf("%s: %d KiB of heap are used%n", when, used >> 10);
    return used;
  }

  private void remove(String id) {
    new Http(server.url()).bearer(key).delete("/v1/files/" + id);
  }
}
