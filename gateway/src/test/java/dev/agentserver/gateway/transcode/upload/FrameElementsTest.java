package dev.agentserver.gateway.transcode.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentserver.gateway.fault.Fault;
import dev.agentserver.gateway.transcode.upload.FrameElements.Takes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The frames of a WebSocket's client, whatever pieces they come in.
class FrameElementsTest {
  private static final int LIMIT = 100_000;

  /// Notes the texts, and what else the client says, in their order.
  private static final class Notes implements FrameElements.Control {
    private final List<String> all = new ArrayList<>();
    private final FrameElements elements;

    Notes(Takes takes) {
      elements = new FrameElements(takes, LIMIT);
      elements.listen(this);
    }

    @Override
    public void ping(byte[] content) {
      all.add("ping " + content.length);
    }

    @Override
    public void close() {
      all.add("close");
    }

    void feed(byte[] bytes, int size) {
      for (int at = 0; at < bytes.length; at += size) {
        elements.feed(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
        for (var next = elements.next(); next != null; next = elements.next()) {
          all.add(next.length < 20 ? new String(next, StandardCharsets.UTF_8) : "" + next.length);
        }
      }
    }
  }

  private static byte[] frame(int first, byte[] content) {
    var frame = new ByteArrayOutputStream();
    frame.write(first);
    if (content.length < 126) {
      frame.write(0x80 | content.length);
    } else if (content.length < 65_536) {
      frame.write(0x80 | 126);
      frame.write(content.length >> 8);
      frame.write(content.length);
    } else {
      frame.write(0x80 | 127);
      frame.writeBytes(new byte[4]);
      frame.writeBytes(
          new byte[] {
            0, (byte) (content.length >> 16), (byte) (content.length >> 8), (byte) content.length
          });
    }
    var mask = new byte[] {1, 2, (byte) 0xf3, 0x74};
    frame.writeBytes(mask);
    for (int i = 0; i < content.length; i++) {
      frame.write(content[i] ^ mask[i % 4]);
    }
    return frame.toByteArray();
  }

  private static byte[] text(int first, String content) {
    return frame(first, content.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] frames(byte[]... frames) {
    var all = new ByteArrayOutputStream();
    for (var frame : frames) {
      all.writeBytes(frame);
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 1000, 1_000_000})
  void textsAreElementsHoweverTheyAreCut(int size) {
    var notes = new Notes(Takes.MANY);
    notes.feed(
        frames(
            text(0x81, "{}"),
            text(0x01, "{\"ü"),
            text(0x89, "hello"),
            text(0x00, ""),
            text(0x80, "\":1}"),
            text(0x8a, "pong"),
            frame(0x81, new byte[126]),
            frame(0x81, new byte[70_000]),
            text(0x81, ""),
            text(0x88, "")),
        size);

    assertThat(notes.all).containsExactly("{}", "ping 5", "{\"ü\":1}", "126", "70000", "close");
    assertThat(notes.elements.isLast()).isTrue();
  }

  @Test
  void whoSendsNoMessageHasSentIt() {
    var elements = new FrameElements(Takes.NONE, LIMIT);
    assertThat(elements.next()).isEmpty();
    assertThat(elements.next()).isNull();
    assertThat(elements.isLast()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "81 02, no mask",
    "c1 82, not agreed on",
    "82 81, is binary",
    "83 81, no place",
    "80 81, no place",
    "09 81, no place",
    "89 fe, no place",
    "81 ff 00 00 00 00 00 01 86 a1 00 00 00 00, larger than",
    "81 ff ff 00 00 00 00 00 00 00 00 00 00 00, larger than"
  })
  void whatIsNoFrameIsRefused(String hex, String why) {
    var bytes = new ByteArrayOutputStream();
    for (var octet : hex.split(" ")) {
      bytes.write(Integer.parseInt(octet, 16));
    }
    var notes = new Notes(Takes.MANY);
    assertThatThrownBy(() -> notes.feed(bytes.toByteArray(), 1))
        .isInstanceOf(Fault.class)
        .hasMessageContaining(why);
  }

  @Test
  void anElementInManyFramesHasALimitToo() {
    var notes = new Notes(Takes.MANY);
    notes.feed(frame(0x01, new byte[60_000]), 1000);
    assertThatThrownBy(() -> notes.feed(frame(0x00, new byte[60_000]), 1000))
        .hasMessageContaining("larger than");
  }

  @Test
  void nothingIsAMessageAfterTheLast() {
    var one = new Notes(Takes.ONE);
    one.feed(text(0x81, "{}"), 100);
    assertThatThrownBy(() -> one.feed(text(0x81, "{}"), 100))
        .hasMessageContaining("after the last");
  }

  /// Whatever bytes come, they are frames or refused.
  @Test
  void anyBytesAreReadOrRefused() {
    var random = new Random(42);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      var bytes = frames(text(0x81, "{}"), text(0x01, "{"), text(0x89, "x"), text(0x80, "}"));
      for (int n = random.nextInt(4); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        new Notes(Takes.MANY).feed(bytes, 1 + random.nextInt(9));
      } catch (Fault fault) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1_000, 19_000);
  }
}
