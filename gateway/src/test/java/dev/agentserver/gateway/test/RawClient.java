package dev.agentserver.gateway.test;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A client that sends whatever bytes it is told to. What it waits for has a deadline.
public final class RawClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Socket socket = new Socket();

  public RawClient(TestGateway gateway) {
    this(gateway.gateway().port());
  }

  public RawClient(int port) {
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress("127.0.0.1", port));
      socket.setSoTimeout((int) PATIENCE.toMillis());
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  public RawClient send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Sends; a connection that the server has closed takes nothing more, which is no failure.
  public RawClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (SocketException _) {
      // What the server said before it hung up can still be read.
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return this;
  }

  /// Says that nothing more will come.
  public RawClient finish() {
    try {
      socket.shutdownOutput();
    } catch (SocketException _) {
      // It is closed already.
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return this;
  }

  /// All that the server says until it hangs up. That it never does is a failure.
  public byte[] toTheEnd() {
    var all = new ByteArrayOutputStream();
    var buffer = new byte[16 * 1024];
    try {
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        all.write(buffer, 0, n);
      }
    } catch (SocketTimeoutException hanging) {
      throw new AssertionError("the server neither answers nor hangs up, after " + all, hanging);
    } catch (SocketException _) {
      // Cut off.
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return all.toByteArray();
  }

  public String textToTheEnd() {
    return new String(toTheEnd(), StandardCharsets.ISO_8859_1);
  }

  /// The next so many bytes.
  public byte[] next(int size) throws EOFException {
    try {
      var bytes = socket.getInputStream().readNBytes(size);
      if (bytes.length < size) {
        throw new EOFException("the server hung up");
      }
      return bytes;
    } catch (SocketTimeoutException hanging) {
      throw new AssertionError("the server says nothing", hanging);
    } catch (EOFException | SocketException cut) {
      throw new EOFException(cut.getMessage());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// The first line of the next answer.
  public String line() throws EOFException {
    var line = new StringBuilder();
    for (var octet = next(1)[0]; octet != '\n'; octet = next(1)[0]) {
      line.append((char) octet);
    }
    return line.toString().strip();
  }

  /// The next answer, whose length must be told.
  public String answer() throws EOFException {
    var answer = new StringBuilder();
    var length = 0;
    var isChunked = false;
    for (var line = line(); !line.isEmpty(); line = line()) {
      answer.append(line).append('\n');
      if (line.startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring("content-length: ".length()));
      }
      isChunked |= line.equals("transfer-encoding: chunked");
    }
    if (isChunked) {
      return answer.append(chunks()).toString();
    }
    return answer.append(new String(next(length), StandardCharsets.ISO_8859_1)).toString();
  }

  private String chunks() throws EOFException {
    var all = new StringBuilder();
    for (var size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
      all.append(new String(next(size), StandardCharsets.ISO_8859_1));
      line();
    }
    while (!line().isEmpty()) {
      // A trailer.
    }
    return all.toString();
  }

  /// What is said until nothing is said for a while, or ever.
  public byte[] soon(Duration quiet) {
    var all = new ByteArrayOutputStream();
    var buffer = new byte[16 * 1024];
    patience(quiet);
    try {
      for (int n = socket.getInputStream().read(buffer);
          n >= 0;
          n = socket.getInputStream().read(buffer)) {
        all.write(buffer, 0, n);
      }
    } catch (SocketTimeoutException | SocketException _) {
      // That is all for now.
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    patience(PATIENCE);
    return all.toByteArray();
  }

  /// How long to wait for bytes before the server counts as hanging.
  public RawClient patience(Duration patience) {
    try {
      socket.setSoTimeout((int) patience.toMillis());
    } catch (SocketException _) {
      // It is closed, and nothing will be waited for.
    }
    return this;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
