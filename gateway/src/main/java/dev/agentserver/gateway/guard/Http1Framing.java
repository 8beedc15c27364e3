package dev.agentserver.gateway.guard;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/// HTTP/1.1 in which there is but one opinion about where a request ends: lines end with CR LF,
/// headers are not folded, and a body has one length, said once and plainly, or is chunked, without
/// extensions. What another reader could understand otherwise is refused before anybody reads it,
/// so no request can be hidden in another.
final class Http1Framing implements Framing {
  private static final int LONGEST_LINE = 64 * 1024;
  private static final int LONGEST_SIZE = 8;

  private enum Part {
    START,
    HEADER,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    WEB_SOCKET
  }

  private final StringBuilder line = new StringBuilder();
  private Http1Head head = new Http1Head();
  private Part part = Part.START;
  private boolean afterReturn;
  private boolean mayBeHttp2 = true;
  private long left;

  @Override
  public Verdict read(ByteBuf bytes) {
    while (bytes.isReadable()) {
      if (part == Part.WEB_SOCKET) {
        bytes.skipBytes(bytes.readableBytes());
        continue;
      }
      if (part == Part.BODY || part == Part.CHUNK) {
        skip(bytes);
        continue;
      }
      var octet = bytes.getByte(bytes.readerIndex());
      var isGood = octet == '\n' ? afterReturn && endLine() : !afterReturn && mayStand(octet);
      if (!isGood) {
        return Verdict.BAD;
      }
      bytes.skipBytes(1);
      afterReturn = octet == '\r';
      if (octet == '\n') {
        if (head.isHttp2()) {
          return Verdict.HTTP2;
        }
      } else if (octet != '\r' && line.length() < LONGEST_LINE) {
        line.append((char) (octet & 0xff));
      }
    }
    return Verdict.GOOD;
  }

  private void skip(ByteBuf bytes) {
    var size = (int) Math.min(left, bytes.readableBytes());
    bytes.skipBytes(size);
    left -= size;
    if (left == 0) {
      part = part == Part.BODY ? Part.START : Part.CHUNK_END;
    }
  }

  /// Whether it may stand in a line. The carriage return may, at its end.
  private boolean mayStand(byte octet) {
    if (octet == '\r') {
      return true;
    }
    if (part == Part.CHUNK_SIZE) {
      return Character.digit(octet, 16) >= 0 && line.length() < LONGEST_SIZE;
    }
    return octet == '\t' || octet < 0 || octet >= ' ' && octet != 127;
  }

  /// Whether the line may stand where it does; if so, what comes next is known.
  private boolean endLine() {
    var text = line.toString();
    line.setLength(0);
    return switch (part) {
      case START -> text.isEmpty() || start(text);
      case HEADER -> text.isEmpty() ? endHeader() : head.add(text);
      case CHUNK_SIZE -> chunk(text);
      case CHUNK_END -> {
        part = Part.CHUNK_SIZE;
        yield text.isEmpty();
      }
      case TRAILER -> {
        if (text.isEmpty()) {
          begin();
        }
        yield text.isEmpty() || head.addTrailer(text);
      }
      case BODY, CHUNK, WEB_SOCKET -> throw new IllegalStateException("these have no lines");
    };
  }

  private boolean start(String text) {
    part = Part.HEADER;
    var isGood = head.start(text, mayBeHttp2);
    mayBeHttp2 = false;
    return isGood;
  }

  private boolean endHeader() {
    if (!head.isUnequivocal()) {
      return false;
    }
    if (head.isForWebSocket()) {
      part = Part.WEB_SOCKET;
      return true;
    }
    mayBeHttp2 = head.asksForHttp2();
    if (head.isChunked()) {
      part = Part.CHUNK_SIZE;
      return true;
    }
    left = head.length();
    begin();
    if (left > 0) {
      part = Part.BODY;
    }
    return true;
  }

  private void begin() {
    part = Part.START;
    head = new Http1Head();
  }

  private boolean chunk(String size) {
    if (size.isEmpty()) {
      return false;
    }
    left = Long.parseLong(size, 16);
    part = left == 0 ? Part.TRAILER : Part.CHUNK;
    return true;
  }

  @Override
  public boolean isInHeader() {
    return part == Part.HEADER || part == Part.START && (afterReturn || !line.isEmpty());
  }

  @Override
  public byte[] refusal() {
    var refusal =
        switch (part) {
          case START, HEADER, TRAILER -> (line.isEmpty() ? "" : "\r\n") + "x\0:\r\nx\0:\r\n\r\n";
          case CHUNK_SIZE -> "z\r\n";
          case CHUNK_END -> "\r\nz\r\n";
          case BODY, CHUNK, WEB_SOCKET ->
              throw new IllegalStateException("anything may stand in these");
        };
    return refusal.getBytes(StandardCharsets.US_ASCII);
  }
}
