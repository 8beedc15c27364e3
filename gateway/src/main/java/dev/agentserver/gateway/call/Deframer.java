package dev.agentserver.gateway.call;

import dev.agentserver.gateway.fault.Fault;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Takes messages out of a body in gRPC's framing: a flag, four bytes of length, the message. The
/// body may come in any pieces.
final class Deframer {
  private static final int PREFIX = 5;
  private static final int COMPRESSED = 0x01;
  private static final int WEB_TRAILERS = 0x80;

  private final int limit;
  private final String encoding;
  private byte[] buffer = new byte[0];
  private int start;
  private int end;

  /// @param limit the most bytes of a message
  /// @param encoding the request's grpc-encoding
  Deframer(int limit, @Nullable String encoding) {
    this.limit = limit;
    this.encoding = encoding == null ? "identity" : encoding;
  }

  void feed(byte[] bytes) {
    if (start == end) {
      buffer = bytes;
      start = 0;
      end = bytes.length;
      return;
    }
    int length = end - start;
    if (end + bytes.length > buffer.length) {
      buffer = Arrays.copyOfRange(buffer, start, start + room(length + bytes.length));
      start = 0;
      end = length;
    }
    System.arraycopy(bytes, 0, buffer, end, bytes.length);
    end += bytes.length;
  }

  /// Twice what is there, so that a message in many pieces is not copied for each of them, and no
  /// more than its end: a length that is only claimed costs no memory.
  private int room(int needed) {
    int whole = end - start >= PREFIX ? Math.min(Math.max(length(), 0), limit) + PREFIX : PREFIX;
    return Math.max(needed, Math.min(whole, 2 * needed));
  }

  /// The next whole message; null when more bytes are needed.
  byte @Nullable [] next() {
    while (end - start >= PREFIX) {
      int flag = buffer[start] & 0xff;
      int length = length();
      if (length < 0 || length > limit) {
        throw Fault.tooLarge("a message", limit);
      }
      if (end - start < PREFIX + length) {
        return null;
      }
      var message = Arrays.copyOfRange(buffer, start + PREFIX, start + PREFIX + length);
      start += PREFIX + length;
      switch (flag) {
        case 0 -> {
          return message;
        }
        case COMPRESSED -> {
          return decompress(message);
        }
        // A gRPC-Web client may end its request with trailers; nobody needs them.
        case WEB_TRAILERS -> {}
        default -> throw Fault.invalid("body", "has a frame with the unknown flag " + flag);
      }
    }
    return null;
  }

  /// Makes sure that nothing is left over at the end of the body.
  void finish() {
    if (start != end) {
      throw Fault.invalid("body", "ends inside a message");
    }
  }

  private int length() {
    return (buffer[start + 1] & 0xff) << 24
        | (buffer[start + 2] & 0xff) << 16
        | (buffer[start + 3] & 0xff) << 8
        | buffer[start + 4] & 0xff;
  }

  private byte[] decompress(byte[] message) {
    Decompressor decompressor =
        DecompressorRegistry.getDefaultInstance().lookupDecompressor(encoding);
    if (decompressor == null || encoding.equals("identity")) {
      throw Fault.unknown("the message encoding " + encoding);
    }
    try (var plain = decompressor.decompress(new ByteArrayInputStream(message))) {
      var bytes = plain.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw Fault.tooLarge("a message", limit);
      }
      return bytes;
    } catch (IOException damaged) {
      throw Fault.invalid("body", "has a message that is not " + encoding);
    }
  }
}
