package dev.agentserver.gateway.guard;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// HTTP/2 as far as frames go: how many there are that carry nothing but cost something, how many a
/// header is cut into, and whether one is complete. What is in them is for the server to read.
final class Http2Framing implements Framing {
  /// What is left of the connection preface after its first line.
  private static final int PREFACE = 8;

  private static final int FRAME_HEADER = 9;
  private static final int LENGTH_BYTES = 3;
  private static final int MOST_CONTINUATIONS = 64;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int ACK = 1;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final int mostPerMinute;
  private final int mostStreams;
  private final LongSupplier nanoTime;

  private int preface = PREFACE;
  private int headerBytes;
  private int type;
  private int flags;
  private int length;
  private int left;
  private boolean inHeaders;
  private int continuations;
  private boolean knowsLimits;
  private int streams;
  private long minute;
  private int thisMinute;

  /// @param mostPerMinute of frames that carry nothing
  /// @param mostStreams that a client may open before it has said that it knows the server's
  /// limits, which are not held to earlier
  Http2Framing(int mostPerMinute, int mostStreams, LongSupplier nanoTime) {
    this.mostPerMinute = mostPerMinute;
    this.mostStreams = mostStreams;
    this.nanoTime = nanoTime;
    this.minute = nanoTime.getAsLong();
  }

  @Override
  public Verdict read(ByteBuf bytes) {
    while (bytes.isReadable()) {
      if (preface > 0) {
        preface -= skip(bytes, preface);
      } else if (left > 0) {
        left -= skip(bytes, left);
      } else if (!readHeader(bytes)) {
        return Verdict.BAD;
      }
    }
    return Verdict.GOOD;
  }

  private static int skip(ByteBuf bytes, int most) {
    var size = Math.min(most, bytes.readableBytes());
    bytes.skipBytes(size);
    return size;
  }

  /// A byte of a frame's header.
  private boolean readHeader(ByteBuf bytes) {
    var octet = bytes.readUnsignedByte();
    if (headerBytes < LENGTH_BYTES) {
      length = headerBytes == 0 ? octet : length << 8 | octet;
    } else if (headerBytes == LENGTH_BYTES) {
      type = octet;
    } else if (headerBytes == LENGTH_BYTES + 1) {
      flags = octet;
    }
    headerBytes++;
    if (headerBytes < FRAME_HEADER) {
      return true;
    }
    headerBytes = 0;
    left = length;
    return frame();
  }

  private boolean frame() {
    switch (type) {
      case HEADERS -> {
        inHeaders = (flags & END_HEADERS) == 0;
        continuations = 0;
        streams++;
      }
      case CONTINUATION -> {
        inHeaders = (flags & END_HEADERS) == 0;
        continuations++;
      }
      case SETTINGS -> knowsLimits |= (flags & ACK) != 0;
      default -> {}
    }
    return (knowsLimits || streams <= mostStreams)
        && continuations <= MOST_CONTINUATIONS
        && (carries() || count());
  }

  private boolean carries() {
    return switch (type) {
      case DATA -> length > 0 || (flags & END_STREAM) != 0;
      case HEADERS, WINDOW_UPDATE -> true;
      default -> false;
    };
  }

  private boolean count() {
    var now = nanoTime.getAsLong();
    if (now - minute > MINUTE) {
      minute = now;
      thisMinute = 0;
    }
    thisMinute++;
    return thisMinute <= mostPerMinute;
  }

  @Override
  public boolean isInHeader() {
    return preface > 0 || headerBytes > 0 || inHeaders || left > 0 && type != DATA;
  }

  @Override
  public byte[] refusal() {
    return new byte[0];
  }
}
