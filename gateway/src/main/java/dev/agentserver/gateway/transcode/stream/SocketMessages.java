package dev.agentserver.gateway.transcode.stream;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The frames of a WebSocket (RFC 6455), a message in each as a text. A failure is a last text
/// `{"error": <google.rpc.Status>}` and a close with 1011; the end is a close with 1000.
public record SocketMessages() implements StreamFormat {
  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;
  private static final int PONG = 0x8a;
  private static final int SHORT = 126;
  private static final byte[] END = frame(CLOSE, status(1000));
  private static final byte[] FAILED = frame(CLOSE, status(1011));
  private static final byte[] HEARTBEAT = frame(PING, Pieces.NOTHING);

  /// The answer to a ping.
  public static byte[] pong(byte[] content) {
    return frame(PONG, content);
  }

  @Override
  public String mediaType() {
    return "application/json";
  }

  @Override
  public byte[] opening() {
    return Pieces.NOTHING;
  }

  @Override
  public byte[] message(StreamEvent event, boolean first) {
    return frame(TEXT, event.content());
  }

  @Override
  public byte[] heartbeat() {
    return HEARTBEAT;
  }

  @Override
  public byte[] end(@Nullable StreamEvent last) {
    return END;
  }

  @Override
  public Optional<byte[]> failure(byte[] status) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(frame(TEXT, Pieces.join("{\"error\":", status, "}")));
    all.writeBytes(FAILED);
    return Optional.of(all.toByteArray());
  }

  private static byte[] status(int code) {
    return new byte[] {(byte) (code >> 8), (byte) code};
  }

  private static byte[] frame(int kind, byte[] content) {
    var frame = new ByteArrayOutputStream(content.length + 10);
    frame.write(kind);
    if (content.length < SHORT) {
      frame.write(content.length);
    } else {
      int bytes = content.length <= 0xffff ? 2 : 8;
      frame.write(bytes == 2 ? SHORT : SHORT + 1);
      for (int i = bytes - 1; i >= 0; i--) {
        frame.write((int) ((long) content.length >> 8 * i));
      }
    }
    frame.writeBytes(content);
    return frame.toByteArray();
  }
}
