package dev.agentserver.file;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.file.v1.DeleteFileRequest;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.test.Await;
import io.grpc.Status.Code;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QuotaTest extends ServiceTest {
  private static final int MEBIBYTE = 1024 * 1024;

  @Override
  Harness start() {
    return Harness.start(
        "FILE_USER_QUOTA_MIB", "1", "FILE_TENANT_QUOTA_MIB", "2", "HTTP_STALL", "2s");
  }

  @Test
  void nobodyStoresMoreThanTheyMay() {
    var tenant = UUID.randomUUID();
    var one = service.person(tenant, "MEMBER");
    var two = service.person(tenant, "MEMBER");
    var three = service.person(tenant, "MEMBER");
    var whole = one.upload(UploadHeader.newBuilder(), bytes(MEBIBYTE, 'a'));
    assertProblem(
            Code.RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED", () -> one.upload("more", "one byte more"))
        .containsEntry("quota", "user")
        .containsEntry("limit_bytes", Integer.toString(MEBIBYTE));
    assertProblem(
        Code.RESOURCE_EXHAUSTED,
        "QUOTA_EXCEEDED",
        () -> one.upload(UploadHeader.newBuilder().setSize(1), new byte[0]));
    // The same bytes count again.
    two.upload(UploadHeader.newBuilder(), bytes(MEBIBYTE, 'a'));
    assertProblem(Code.RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED", () -> three.upload("x", "x"))
        .containsEntry("quota", "tenant");
    one.files().deleteFile(DeleteFileRequest.newBuilder().setFileId(whole.getId()).build());
    assertThat(three.upload("x", "x").getSize()).isEqualTo(1);
    service.expireUploads();
    service.sweep();
    assertOneTruth();
  }

  @Test
  void aClientThatStallsIsCutOffAndLeavesNothing() {
    assertProblem(Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", () -> AnyPieces.stall(alice));
    Await.until(
        "nothing is left",
        () -> service.column("select 1 from blob where state <> 'READY'").isEmpty());
    assertOneTruth();
  }

  private static byte[] bytes(int size, char content) {
    var bytes = new byte[size];
    java.util.Arrays.fill(bytes, (byte) content);
    return bytes;
  }
}
