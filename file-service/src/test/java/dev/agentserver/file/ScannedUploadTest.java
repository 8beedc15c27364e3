package dev.agentserver.file;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentserver.file.scan.Clamd;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.test.Problems;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Uploads with a real clamd (Debian: `apt install clamav-daemon`); skipped where there is none.
class ScannedUploadTest extends ServiceTest {
  /// In two pieces, so that this source is no test file itself.
  private static final byte[] EICAR =
      ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")
          .getBytes(StandardCharsets.US_ASCII);

  @TempDir static Path directory;
  private static Clamd clamd;

  @Override
  Harness start() {
    assumeTrue(Files.exists(Clamd.PROGRAM), "no clamd on this machine: apt install clamav-daemon");
    try {
      clamd = Clamd.start(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return Harness.start("FILE_CLAMD", "unix:" + clamd.unix(), "FILE_SCAN_LIMIT", "1000000");
  }

  @AfterAll
  static void stopClamd() {
    if (clamd != null) {
      clamd.close();
    }
  }

  @Override
  @AfterAll
  void stopService() {
    if (service != null) {
      super.stopService();
    }
  }

  @Test
  void whatIsHarmfulIsRefusedAndNotKept() {
    assertRejected(EICAR).containsEntry("finding", "Eicar-Test.UNOFFICIAL");
  }

  @Test
  void whatIsTooLongToBeScannedDoesNotSlipThrough() {
    assertRejected(new byte[1_000_001]);
  }

  @Test
  void whatIsCleanIsKept() {
    var file = alice.upload(UploadHeader.newBuilder().setFilename("f"), bytes("harmless"));
    assertThat(alice.text(file)).isEqualTo("harmless");
  }

  private Problems assertRejected(byte[] content) {
    var refusal =
        assertProblem(
            Code.FAILED_PRECONDITION,
            "FILE_REJECTED",
            () -> alice.upload(UploadHeader.newBuilder().setFilename("f"), content));
    service.sweep();
    assertOneTruth();
    return refusal;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
