package dev.agentserver.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.gateway.fault.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeframerTest {
  private static byte[] message(int size) {
    var message = new byte[size];
    for (int i = 0; i < size; i++) {
      message[i] = (byte) (i * 31);
    }
    return message;
  }

  private static byte[] body(int... sizes) {
    var body = new ByteArrayOutputStream();
    for (int size : sizes) {
      body.writeBytes(Frames.frame(0, message(size)));
    }
    return body.toByteArray();
  }

  private static List<Integer> sizes(Deframer deframer, byte[] body, int piece) {
    var sizes = new ArrayList<Integer>();
    for (int at = 0; at < body.length; at += piece) {
      deframer.feed(Arrays.copyOfRange(body, at, Math.min(body.length, at + piece)));
      for (var next = deframer.next(); next != null; next = deframer.next()) {
        assertThat(next).isEqualTo(message(next.length));
        sizes.add(next.length);
      }
    }
    deframer.finish();
    return sizes;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 100, 1000, 10_000})
  void theBodyMayComeInAnyPieces(int piece) {
    var body = body(0, 1, 5, 1000, 0, 3000, 7);

    assertThat(sizes(new Deframer(4096, null), body, piece))
        .containsExactly(0, 1, 5, 1000, 0, 3000, 7);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 50, 1000})
  void base64MayComeInAnyPieces(int piece) {
    var text =
        (Base64.getEncoder().encodeToString(message(10))
                + Base64.getEncoder().encodeToString(message(11))
                + Base64.getEncoder().encodeToString(message(12)))
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    var pieces = new Base64Pieces();
    var plain = new ByteArrayOutputStream();

    for (int at = 0; at < text.length; at += piece) {
      plain.writeBytes(
          pieces.decode(Arrays.copyOfRange(text, at, Math.min(text.length, at + piece))));
    }
    pieces.finish();

    var expected = new ByteArrayOutputStream();
    expected.writeBytes(message(10));
    expected.writeBytes(message(11));
    expected.writeBytes(message(12));
    assertThat(plain.toByteArray()).isEqualTo(expected.toByteArray());
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    }
    return packed.toByteArray();
  }

  @Test
  void aPackedMessageIsUnpackedWithinTheLimit() throws IOException {
    var deframer = new Deframer(1000, "gzip");

    deframer.feed(Frames.frame(1, gzip(message(1000))));
    assertThat(deframer.next()).isEqualTo(message(1000));

    deframer.feed(Frames.frame(1, gzip(new byte[1001])));
    assertThatThrownBy(deframer::next).isInstanceOf(Fault.class).hasMessageContaining("1000");
  }

  @Test
  void aPackedMessageThatIsNoneIsRefused() {
    var deframer = new Deframer(1000, "gzip");

    deframer.feed(Frames.frame(1, message(10)));

    assertThatThrownBy(deframer::next).isInstanceOf(Fault.class).hasMessageContaining("not gzip");
  }

  @Test
  void anUnknownPackingIsRefused() {
    var deframer = new Deframer(1000, "snappy");

    deframer.feed(Frames.frame(1, message(10)));

    assertThatThrownBy(deframer::next).isInstanceOf(Fault.class).hasMessageContaining("snappy");
  }

  @Test
  void aLengthThatIsOnlyClaimedCostsNothing() {
    var deframer = new Deframer(Integer.MAX_VALUE - 10, null);
    deframer.feed(new byte[] {0, 0x7f, (byte) 0xff, (byte) 0xff, 0});
    for (int i = 0; i < 100; i++) {
      deframer.feed(new byte[100]);
      assertThat(deframer.next()).isNull();
    }

    assertThatThrownBy(deframer::finish).isInstanceOf(Fault.class).hasMessageContaining("inside");
  }
}
