package dev.agentserver.gateway.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {
  private static final String HEAD = "POST /x HTTP/1.1\r\nHost: a\r\n";

  private final AtomicLong time = new AtomicLong();

  private static byte[] bytes(String text) {
    return text.replace("\\r", "\r").replace("\\n", "\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The verdict of the bytes in two pieces, which are cut everywhere.
  private static Framing.Verdict http1(String text) {
    var all = bytes(text);
    Framing.Verdict whole = null;
    for (int cut = 0; cut <= all.length; cut++) {
      var framing = new Http1Framing();
      var verdict = framing.read(Unpooled.wrappedBuffer(all, 0, cut));
      if (verdict == Framing.Verdict.GOOD) {
        verdict = framing.read(Unpooled.wrappedBuffer(all, cut, all.length - cut));
      }
      assertThat(whole == null ? verdict : whole).as("cut at " + cut).isEqualTo(verdict);
      whole = verdict;
      if (verdict == Framing.Verdict.GOOD) {
        assertThat(framing.isInHeader()).isFalse();
      }
    }
    return whole;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.0\r\n\r\n",
        "\r\nGET /a?b=%20 HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        HEAD + "Content-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n",
        HEAD + "Content-Length: 0\r\n\r\n",
        HEAD + "X: \u00e4\t\r\nY:\r\n\r\n",
        HEAD
            + "Transfer-Encoding: Chunked\r\n\r\n3\r\na\rb\r\n00a\r\n0123456789\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        HEAD + "transfer-encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nConnection: x, Upgrade\r\nUpgrade: WebSocket\r\n\r\n\u0081\0\n\n",
      })
  void whatIsPlainPasses(String text) {
    assertThat(http1(text)).isEqualTo(Framing.Verdict.GOOD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HEAD + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        HEAD + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        HEAD + "Content-Length: 3, 3\r\n\r\nabc",
        HEAD + "Content-Length: +3\r\n\r\nabc",
        HEAD + "Content-Length: -3\r\n\r\nabc",
        HEAD + "Content-Length: 0x3\r\n\r\nabc",
        HEAD + "Content-Length:\r\n\r\nabc",
        HEAD + "Content-Length : 3\r\n\r\nabc",
        HEAD + "Content-Length: 9999999999999999999\r\n\r\nabc",
        HEAD + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding:\u00a0chunked\r\n\r\n0\r\n\r\n",
        HEAD + " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + "X: a\r\n folded\r\n\r\n",
        HEAD + "X: a\nY: b\r\n\r\n",
        HEAD + "X: a\rY: b\r\n\r\n",
        HEAD + "X: a\r\r\n\r\n",
        HEAD + "X: a\0b\r\n\r\n",
        HEAD + "X\r\n\r\n",
        HEAD + ": x\r\n\r\n",
        HEAD + "Host: b\r\n\r\n",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n100000003\r\nabc\r\n0\r\n\r\n",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n",
        "POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 2\r\n\r\n{}",
        "POST / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\u0081\0\n\n",
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n\u0081\0\n\n",
        "GET /a b HTTP/1.1\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.2\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\nPRI * HTTP/2.0\r\n\r\n",
      })
  void whatAnotherCouldReadOtherwiseDoesNot(String text) {
    assertThat(http1(text)).isEqualTo(Framing.Verdict.BAD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRI * HTTP/2.0\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\nPRI * HTTP/2.0\r\n",
      })
  void anotherProtocolBeginsAtItsPlaces(String text) {
    assertThat(new Http1Framing().read(Unpooled.wrappedBuffer(bytes(text))))
        .isEqualTo(Framing.Verdict.HTTP2);
  }

  @Test
  void aHeaderIsOpenUntilItIsComplete() {
    var framing = new Http1Framing();
    for (var octet : bytes(HEAD + "\r")) {
      framing.read(Unpooled.wrappedBuffer(new byte[] {octet}));
      assertThat(framing.isInHeader()).isTrue();
    }
    framing.read(Unpooled.wrappedBuffer(new byte[] {'\n'}));
    assertThat(framing.isInHeader()).isFalse();
  }

  private static byte[] frames(byte[]... frames) {
    var all = new ByteArrayOutputStream();
    all.writeBytes("\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    for (var frame : frames) {
      all.writeBytes(frame);
    }
    return all.toByteArray();
  }

  private static byte[] frame(int type, int flags, int length) {
    var frame = new byte[9 + length];
    frame[1] = (byte) (length >> 8);
    frame[2] = (byte) length;
    frame[3] = (byte) type;
    frame[4] = (byte) flags;
    frame[8] = 1;
    return frame;
  }

  private Framing.Verdict http2(byte[] bytes, int cut) {
    var framing = new Http2Framing(5, 10, time::get);
    var verdict = framing.read(Unpooled.wrappedBuffer(bytes, 0, cut));
    return verdict == Framing.Verdict.GOOD
        ? framing.read(Unpooled.wrappedBuffer(bytes, cut, bytes.length - cut))
        : verdict;
  }

  @Test
  void framesThatCarryNothingAreCounted() {
    var ping = frame(6, 0, 8);
    var data = frame(0, 0, 300);
    var few = frames(ping, data, ping, data, ping, ping, frame(8, 0, 4), ping);
    var many = frames(ping, ping, ping, data, ping, ping, frame(0, 0, 0));

    for (int cut = 0; cut < few.length; cut++) {
      assertThat(http2(few, cut)).isEqualTo(Framing.Verdict.GOOD);
    }
    for (int cut = 0; cut < many.length; cut++) {
      assertThat(http2(many, cut)).isEqualTo(Framing.Verdict.BAD);
    }
  }

  @Test
  void aMinuteLaterTheyAreCountedAnew() {
    var framing = new Http2Framing(5, 10, time::get);
    framing.read(Unpooled.wrappedBuffer(frames()));
    for (int i = 0; i < 50; i++) {
      assertThat(framing.read(Unpooled.wrappedBuffer(frame(6, 0, 8))))
          .isEqualTo(Framing.Verdict.GOOD);
      time.addAndGet(Duration.ofSeconds(15).toNanos());
    }
  }

  @Test
  void aHeaderIsCutIntoSoManyFramesOnly() {
    var framing = new Http2Framing(1_000, 10, time::get);
    framing.read(Unpooled.wrappedBuffer(frames(frame(1, 0, 1))));
    assertThat(framing.isInHeader()).isTrue();
    for (int i = 0; i < 64; i++) {
      assertThat(framing.read(Unpooled.wrappedBuffer(frame(9, 0, 0))))
          .isEqualTo(Framing.Verdict.GOOD);
    }
    assertThat(framing.read(Unpooled.wrappedBuffer(frame(9, 0, 0)))).isEqualTo(Framing.Verdict.BAD);
  }

  @Test
  void aHeaderInManyFramesEndsWithTheLast() {
    var framing = new Http2Framing(1_000, 10, time::get);
    framing.read(Unpooled.wrappedBuffer(frames(frame(1, 0, 1), frame(9, 4, 7))));
    assertThat(framing.isInHeader()).isFalse();
    framing.read(Unpooled.wrappedBuffer(frame(0, 0, 100), 0, 20));
    assertThat(framing.isInHeader()).isFalse();
  }

  @Test
  void beforeAClientKnowsTheLimitsItIsHeldToThem() {
    var framing = new Http2Framing(1_000, 10, time::get);
    framing.read(Unpooled.wrappedBuffer(frames()));
    for (int i = 0; i < 10; i++) {
      assertThat(framing.read(Unpooled.wrappedBuffer(frame(1, 4, 1))))
          .isEqualTo(Framing.Verdict.GOOD);
    }
    assertThat(framing.read(Unpooled.wrappedBuffer(frame(1, 4, 1)))).isEqualTo(Framing.Verdict.BAD);

    var polite = new Http2Framing(1_000, 10, time::get);
    polite.read(Unpooled.wrappedBuffer(frames(frame(4, 1, 0))));
    for (int i = 0; i < 100; i++) {
      assertThat(polite.read(Unpooled.wrappedBuffer(frame(1, 4, 1))))
          .isEqualTo(Framing.Verdict.GOOD);
    }
  }
}
