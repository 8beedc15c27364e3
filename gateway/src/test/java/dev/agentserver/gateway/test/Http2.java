package dev.agentserver.gateway.test;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// HTTP/2 frame by frame, as a client writes it that keeps no rule it does not want to.
public final class Http2 implements AutoCloseable {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GO_AWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;
  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;
  public static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final RawClient client;
  private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder();

  /// A frame that came.
  public record Frame(int type, int flags, int stream, byte[] payload) {}

  /// Connects, with the settings of a client that has none.
  public Http2(TestGateway gateway) {
    this(gateway, new byte[0]);
  }

  /// @param settings the payload of the first SETTINGS
  public Http2(TestGateway gateway, byte[] settings) {
    client = new RawClient(gateway);
    client.send(PREFACE).send(frame(SETTINGS, 0, 0, settings));
  }

  public RawClient raw() {
    return client;
  }

  /// Reads the server's settings and takes note of them.
  public Http2 agree() throws EOFException {
    next(SETTINGS);
    return send(SETTINGS, 1, 0, new byte[0]);
  }

  public static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /// Header fields in HPACK, each literally.
  public static byte[] block(String... namesAndValues) {
    var block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.write(0);
      text(block, namesAndValues[i]);
      text(block, namesAndValues[i + 1]);
    }
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      var rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        block.write(rest & 127 | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /// The header of a request.
  public static byte[] request(String method, String path, String... more) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(
        block(":method", method, ":scheme", "http", ":path", path, ":authority", "localhost"));
    all.writeBytes(block(more));
    return all.toByteArray();
  }

  public Http2 send(int type, int flags, int stream, byte[] payload) {
    client.send(frame(type, flags, stream, payload));
    return this;
  }

  /// Asks for something that takes no body.
  public Http2 get(int stream, String path, String... more) {
    return send(HEADERS, END_HEADERS | END_STREAM, stream, request("GET", path, more));
  }

  public Frame next() throws EOFException {
    var head = ByteBuffer.wrap(client.next(9));
    var length = (head.get() & 0xff) << 16 | head.getShort() & 0xffff;
    var type = head.get();
    var flags = head.get();
    return new Frame(type, flags, head.getInt(), client.next(length));
  }

  /// The next frame of this type.
  public Frame next(int type) throws EOFException {
    var frame = next();
    while (frame.type() != type) {
      frame = next();
    }
    return frame;
  }

  /// The status of the next answer, whatever comes before it.
  public int status() throws EOFException {
    return status(next(HEADERS));
  }

  /// The status in a frame; 0 where it has none, as trailers have not.
  public int status(Frame answer) {
    try {
      var read = headers.decodeHeaders(answer.stream(), Unpooled.wrappedBuffer(answer.payload()));
      return read.status() == null ? 0 : Integer.parseInt(read.status().toString());
    } catch (Http2Exception broken) {
      throw new AssertionError(broken);
    }
  }

  /// Why the server gave the connection up, by GOAWAY; -1 where it just hung up.
  public int goAway() {
    try {
      var payload = ByteBuffer.wrap(next(GO_AWAY).payload());
      payload.getInt();
      return payload.getInt();
    } catch (EOFException _) {
      return -1;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
