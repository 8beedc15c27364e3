package dev.agentserver.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.file.object.PartPool;
import dev.agentserver.file.test.Bytes;
import dev.agentserver.kit.test.Await;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two processes of the service, and clients that continue one upload at both.
class TusProcessesTest extends ServiceTest {
  private static final int HALF = 7;

  private Harness other;
  private Door one;
  private Door two;

  @BeforeAll
  void open() {
    other = service.beside();
    one = Door.of(service, Duration.ofMinutes(2));
    two = Door.of(other, Duration.ofMinutes(2));
  }

  @AfterAll
  void close() {
    one.close();
    two.close();
    other.close();
  }

  /// Small enough for one call of the store, and not.
  @ParameterizedTest
  @ValueSource(ints = {14, PartPool.LEAST + 14, 2 * PartPool.LEAST + 14})
  void whoComesLaterWinsAndWhoWasThereIsToldAndChangesNothing(int length) throws Exception {
    var older = Bytes.random(length, 1);
    var newer = Bytes.random(length, 2);
    var path = one.create(alice, length);
    try (var late = begin(path, older)) {
      assertThat(two.patch(alice, path, 0, newer).statusCode()).isEqualTo(204);
      assertThat(alice.download(id(path), 0, 0)).isEqualTo(newer);
      late.getOutputStream().write(older, HALF, length - HALF);
      assertThat(status(late)).contains(" 423 ");
    }
    assertThat(alice.download(id(path), 0, 0)).isEqualTo(newer);
    nothingIsLeft();
  }

  @Test
  void whoWasThereDoesNotPutItsPartsInTheWayOfWhoCameLater() throws Exception {
    var length = 2 * PartPool.LEAST;
    var older = Bytes.random(length, 3);
    var newer = Bytes.random(length, 4);
    var path = one.create(alice, length);
    try (var late = begin(path, older)) {
      var first = Arrays.copyOf(newer, 1000);
      assertThat(two.patch(alice, path, 0, first).statusCode()).isEqualTo(204);
      late.getOutputStream().write(older, HALF, length - HALF);
      assertThat(status(late)).contains(" 423 ");
    }
    var rest = Arrays.copyOfRange(newer, 1000, length);
    assertThat(two.patch(alice, path, 1000, rest).statusCode()).isEqualTo(204);
    assertThat(alice.download(id(path), 0, 0)).isEqualTo(newer);
    nothingIsLeft();
  }

  /// A request at the first process that has sent a few bytes, which have arrived.
  private Socket begin(String path, byte[] bytes) throws IOException {
    var socket = new Socket("127.0.0.1", one.port());
    socket.setSoTimeout(60_000);
    var head =
        """
        PATCH %s HTTP/1.1\r
        Host: x\r
        Authorization: Bearer %s\r
        Tus-Resumable: 1.0.0\r
        Upload-Offset: 0\r
        Content-Type: application/offset+octet-stream\r
        Content-Length: %d\r
        \r
        """
            .formatted(path, service.identity().token(alice.caller()), bytes.length);
    var before = service.store().buffers().available();
    socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().write(bytes, 0, HALF);
    Await.until("its bytes are here", () -> service.store().buffers().available() < before);
    return socket;
  }

  private static String status(Socket answered) throws IOException {
    var line = new StringBuilder();
    for (var next = answered.getInputStream().read();
        next >= 0 && next != '\n';
        next = answered.getInputStream().read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  private static String id(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private void nothingIsLeft() {
    service.expireUploads();
    service.sweep();
    assertThat(service.column("select 1 from upload")).isEmpty();
    assertOneTruth();
  }
}
