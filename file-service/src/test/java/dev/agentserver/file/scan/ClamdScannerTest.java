package dev.agentserver.file.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentserver.file.test.Bytes;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With a real clamd (Debian: `apt install clamav-daemon`); skipped where there is none.
class ClamdScannerTest {
  /// In two pieces, so that this source is no test file itself.
  private static final byte[] EICAR =
      ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")
          .getBytes(StandardCharsets.US_ASCII);

  private static final long ENOUGH = 10L << 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir static Path directory;
  private static Clamd clamd;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(Files.exists(Clamd.PROGRAM), "no clamd on this machine: apt install clamav-daemon");
    clamd = Clamd.start(directory);
  }

  @AfterAll
  static void stop() {
    if (clamd != null) {
      clamd.close();
    }
  }

  @Test
  void theTestFileIsFoundAndOrdinaryBytesAreClean() {
    for (var address : new SocketAddress[] {clamd.unix(), clamd.tcp()}) {
      var scanner = new ClamdScanner(address, ENOUGH, TIMEOUT);
      assertThat(scan(scanner, EICAR)).isEqualTo(new Verdict.Found("Eicar-Test.UNOFFICIAL"));
      assertThat(scan(scanner, Bytes.random(300_000, 1))).isEqualTo(new Verdict.Clean());
      assertThat(scan(scanner, new byte[0])).isEqualTo(new Verdict.Clean());
    }
  }

  @Test
  void whatIsLongerThanClamdLooksAtIsNeverClean() {
    var scanner = new ClamdScanner(clamd.unix(), ENOUGH, TIMEOUT);
    var beyondFileSize = scan(scanner, Bytes.random((1 << 20) + 100_000, 1));
    assertThat(beyondFileSize).isInstanceOf(Verdict.Unscannable.class);
    var beyondStream = scan(scanner, Bytes.random(4 << 20, 1));
    assertThat(beyondStream).isInstanceOf(Verdict.Unscannable.class);
  }

  @Test
  void beyondOurOwnLimitNothingIsSent() {
    var nowhere = new ClamdScanner(new InetSocketAddress("127.0.0.1", 1), 10, TIMEOUT);
    assertThat(scan(nowhere, new byte[11])).isInstanceOf(Verdict.Unscannable.class);
  }

  @Test
  void aScannerThatIsAwayIsNoVerdict() {
    var nowhere = new ClamdScanner(new InetSocketAddress("127.0.0.1", 1), ENOUGH, TIMEOUT);
    assertUnavailable("scanner", nowhere, new ByteArrayInputStream(EICAR));
  }

  @Test
  void aScannerThatSaysNothingIsNoVerdict() throws IOException {
    try (var silent = new ServerSocket(0)) {
      var scanner =
          new ClamdScanner(silent.getLocalSocketAddress(), ENOUGH, Duration.ofMillis(100));
      assertUnavailable("scanner", scanner, new ByteArrayInputStream(EICAR));
    }
  }

  @Test
  void contentThatBreaksOffIsNoVerdict() {
    var broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("broken off");
          }
        };
    assertUnavailable("object-store", new ClamdScanner(clamd.unix(), ENOUGH, TIMEOUT), broken);
  }

  private static Verdict scan(Scanner scanner, byte[] bytes) {
    return scanner.scan(new ByteArrayInputStream(bytes), bytes.length);
  }

  private static void assertUnavailable(String dependency, Scanner scanner, InputStream content) {
    assertThatThrownBy(() -> scanner.scan(content, 1))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refusal ->
                assertThat(refusal.problem())
                    .isInstanceOfSatisfying(
                        Problem.Unavailable.class,
                        problem -> assertThat(problem.dependency()).isEqualTo(dependency)));
  }
}
