package dev.agentserver.file.scan;

import dev.agentserver.kit.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// ClamAV's daemon, by its command INSTREAM: pieces with their lengths, an empty one, an answer.
///
/// clamd says OK to what is longer than its MaxFileSize, of which it looked at nothing, unless its
/// configuration has `AlertExceedsMax yes`. So content beyond a limit of our own is not sent at
/// all, and anything but a plain OK or FOUND is no verdict.
public final class ClamdScanner implements Scanner {
  private static final Logger LOG = LoggerFactory.getLogger(ClamdScanner.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final byte[] COMMAND = "zINSTREAM\0".getBytes(StandardCharsets.US_ASCII);
  private static final int PIECE = 1 << 16;
  private static final int LONGEST_ANSWER = 4096;
  private static final String PREFIX = "stream: ";
  private static final String FOUND = " FOUND";

  private final SocketAddress address;
  private final long limit;
  private final Duration timeout;

  /// @param limit no more than clamd's StreamMaxLength and MaxFileSize
  /// @param timeout how long one scan may take
  public ClamdScanner(SocketAddress address, long limit, Duration timeout) {
    this.address = address;
    this.limit = limit;
    this.timeout = timeout;
  }

  @Override
  public Verdict scan(InputStream content, long length) {
    if (length > limit) {
      return new Verdict.Unscannable(
          "%d bytes are more than the %d that are scanned".formatted(length, limit));
    }
    try (var channel = open()) {
      var guard = Thread.ofVirtual().name("clamd-deadline").start(() -> cutOffLate(channel));
      try {
        channel.connect(address);
        return verdict(ask(channel, content));
      } finally {
        guard.interrupt();
      }
    } catch (IOException failure) {
      throw unavailable(failure.toString());
    }
  }

  private SocketChannel open() throws IOException {
    return address instanceof InetSocketAddress
        ? SocketChannel.open()
        : SocketChannel.open(StandardProtocolFamily.UNIX);
  }

  private void cutOffLate(SocketChannel channel) {
    try {
      Thread.sleep(timeout);
      channel.close();
    } catch (InterruptedException _) {
      LOG.trace("the scan was in time");
    } catch (IOException failure) {
      LOG.debug("a connection to clamd did not close", failure);
    }
  }

  /// clamd may answer before it has read everything, and then closes.
  private static String ask(SocketChannel channel, InputStream content) throws IOException {
    try {
      send(channel, content);
    } catch (IOException broken) {
      var early = answer(channel);
      if (early.isEmpty()) {
        throw broken;
      }
      return early;
    }
    return answer(channel);
  }

  private static void send(SocketChannel channel, InputStream content) throws IOException {
    write(channel, ByteBuffer.wrap(COMMAND));
    var piece = new byte[PIECE];
    for (var read = next(content, piece); read > 0; read = next(content, piece)) {
      var framed = ByteBuffer.allocate(Integer.BYTES + read).putInt(read).put(piece, 0, read);
      write(channel, framed.flip());
    }
    write(channel, ByteBuffer.allocate(Integer.BYTES));
  }

  private static int next(InputStream content, byte[] piece) {
    try {
      return content.readNBytes(piece, 0, piece.length);
    } catch (IOException broken) {
      LOG.warn("the content to scan broke off: {}", broken.toString());
      throw new Problem.Unavailable("object-store", RETRY_AFTER).raise();
    }
  }

  private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static String answer(SocketChannel channel) throws IOException {
    var bytes = ByteBuffer.allocate(LONGEST_ANSWER);
    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
      if (bytes.position() > 0 && bytes.get(bytes.position() - 1) == 0) {
        break;
      }
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
        .replace("\0", "")
        .strip();
  }

  private static Verdict verdict(String answer) {
    if (answer.equals(PREFIX + "OK")) {
      return new Verdict.Clean();
    }
    if (answer.startsWith(PREFIX) && answer.endsWith(FOUND)) {
      return found(answer.substring(PREFIX.length(), answer.length() - FOUND.length()));
    }
    if (answer.contains("size limit exceeded")) {
      return new Verdict.Unscannable("clamd's StreamMaxLength is less than FILE_SCAN_LIMIT");
    }
    throw unavailable("it answered \"" + answer + "\"");
  }

  /// With AlertExceedsMax clamd reports a limit of its own as if it had found something.
  private static Verdict found(String name) {
    return name.startsWith("Heuristics.Limits.Exceeded")
        ? new Verdict.Unscannable("clamd reached a limit of its own: " + name)
        : new Verdict.Found(name);
  }

  private static RuntimeException unavailable(String why) {
    LOG.warn("clamd did not scan: {}", why);
    return new Problem.Unavailable("scanner", RETRY_AFTER).raise();
  }
}
