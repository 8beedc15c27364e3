package dev.agentserver.file;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentserver.file.test.Bytes;
import dev.agentserver.file.test.SmallDisk;
import dev.agentserver.file.test.TestStore;
import dev.agentserver.file.v1.DeleteFileRequest;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.test.Await;
import dev.agentserver.objectstore.EmbeddedObjectStore;
import io.grpc.Status.Code;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The service with a store on a small disk; skipped where this process may not mount one.
class StoreFullTest extends ServiceTest {
  private static final int MIB = 1 << 20;

  @TempDir static Path directory;

  private EmbeddedObjectStore server;

  @Override
  Harness start() {
    assumeTrue(SmallDisk.mount(directory), "this process may not mount a file system");
    server = EmbeddedObjectStore.start(directory, 0, TestStore.ACCESS_KEY, TestStore.SECRET_KEY);
    return Harness.start(TestStore.config(server.endpoint(), server.endpoint()));
  }

  @Override
  @AfterAll
  void stopService() {
    if (service != null) {
      super.stopService();
      server.close();
      SmallDisk.unmount(directory);
    }
  }

  @Test
  void aFullStoreRefusesClearlyAndTakesFilesAgainWhenThereIsRoom() {
    var small = upload(1);
    // Until its parts are joined a file takes its room twice.
    var large = upload(6);
    assertProblem(Code.RESOURCE_EXHAUSTED, "OVERLOADED", () -> upload(20))
        .containsEntry("limit", "object-store")
        .retries();
    Await.until(
        "nothing is left",
        () -> service.column("select 1 from blob where state <> 'READY'").isEmpty());
    assertOneTruth();
    assertThat(alice.download(small.getId(), 0, 0)).isEqualTo(Bytes.random(MIB, 1));
    alice.files().deleteFile(DeleteFileRequest.newBuilder().setFileId(large.getId()).build());
    assertThat(upload(7).getState()).isEqualTo(File.State.STATE_READY);
    assertOneTruth();
  }

  private File upload(int mebibytes) {
    return alice.upload(
        UploadHeader.newBuilder().setFilename("f"), Bytes.random(mebibytes * MIB, mebibytes));
  }
}
