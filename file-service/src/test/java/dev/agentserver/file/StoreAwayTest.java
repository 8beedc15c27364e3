package dev.agentserver.file;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.file.object.PartPool;
import dev.agentserver.file.s3.S3Config;
import dev.agentserver.file.test.Bytes;
import dev.agentserver.file.test.Forwarder;
import dev.agentserver.file.test.TestStore;
import dev.agentserver.file.v1.DeleteFileRequest;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.test.FreePort;
import dev.agentserver.objectstore.EmbeddedObjectStore;
import io.grpc.Status.Code;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The service while its store is away, or there and says nothing, and afterwards.
class StoreAwayTest extends ServiceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @TempDir static Path directory;

  private EmbeddedObjectStore server;
  private Forwarder forwarder;

  @Override
  Harness start() {
    server = server(FreePort.find());
    forwarder = new Forwarder(server.endpoint());
    return Harness.start(impatient(TestStore.config(forwarder.endpoint(), server.endpoint())));
  }

  private static EmbeddedObjectStore server(int port) {
    return EmbeddedObjectStore.start(directory, port, TestStore.ACCESS_KEY, TestStore.SECRET_KEY);
  }

  private static S3Config impatient(S3Config usual) {
    return new S3Config(
        usual.endpoint(),
        usual.publicEndpoint(),
        usual.region(),
        usual.bucket(),
        usual.accessKey(),
        usual.secretKey(),
        PATIENCE,
        PATIENCE,
        usual.buffers(),
        usual.bufferWait());
  }

  @AfterAll
  void closeStore() {
    forwarder.close();
    server.close();
  }

  @Test
  void withoutTheStoreCallsFailClearlyAndWhatWasPromisedIsMadeUpFor() {
    var kept = alice.upload("kept", "kept");
    var deleted = alice.upload("deleted", "deleted");
    try (var client = HttpClient.newHttpClient()) {
      var urls = new Urls(client);
      var bytes = Bytes.random(10, 1);
      var created = urls.create(alice, UploadHeader.newBuilder().setSize(bytes.length));
      assertThat(urls.put(created, bytes)).isEqualTo(200);
      stop();
      assertAway(() -> alice.upload("no", "no store"));
      assertAway(() -> alice.text(kept));
      assertAway(() -> urls.finish(alice, created));
      assertThat(alice.get(kept.getId())).isEqualTo(kept);
      delete(deleted);
      startAgain();
      assertThat(alice.text(kept)).isEqualTo("kept");
      assertThat(alice.download(urls.finish(alice, created).getId(), 0, 0)).isEqualTo(bytes);
    }
    assertSettles();
  }

  @Test
  void aStoreThatGoesAwayDuringAnUploadLeavesNothingHalfDone() {
    var bytes = Bytes.random(2 * PartPool.LEAST, 1);
    service.store().onStep(step -> stopBefore("finish", step));
    assertAway(() -> alice.upload(UploadHeader.newBuilder().setFilename("f"), bytes));
    service.store().onStep(_ -> {});
    startAgain();
    assertSettles();
    var again = alice.upload(UploadHeader.newBuilder().setFilename("f"), bytes);
    assertThat(again.getSha256()).isEqualTo(Bytes.digest(bytes).sha256());
    assertOneTruth();
  }

  @Test
  void aStoreThatSaysNothingIsGivenUpAndUsedAgainWhenItSpeaks() {
    var kept = alice.upload("kept", "kept for long");
    forwarder.whileHeldUp(
        () -> {
          assertAway(() -> alice.upload("no", "no answer"));
          assertThat(alice.get(kept.getId())).isEqualTo(kept);
        });
    assertThat(alice.text(kept)).isEqualTo("kept for long");
    assertThat(alice.upload("yes", "an answer").getState()).isEqualTo(File.State.STATE_READY);
    assertSettles();
  }

  private void stopBefore(String what, String step) {
    if (step.equals("before " + what)) {
      stop();
    }
  }

  private void stop() {
    server.close();
  }

  private void startAgain() {
    server = server(server.endpoint().getPort());
  }

  private void assertSettles() {
    service.expireUploads();
    service.sweep();
    assertOneTruth();
  }

  private static void assertAway(ThrowingCallable call) {
    assertProblem(Code.UNAVAILABLE, "UNAVAILABLE", call)
        .containsEntry("dependency", "object-store")
        .retries();
  }

  private void delete(File file) {
    alice.files().deleteFile(DeleteFileRequest.newBuilder().setFileId(file.getId()).build());
  }
}
