package dev.agentserver.e2e.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A bare connection: bytes out, bytes in.
public final class Wire implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String HEAD_END = "\r\n\r\n";

  private final Socket socket;

  public Wire(URI url) throws IOException {
    this.socket = new Socket();
    socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
    socket.setSoTimeout((int) PATIENCE.toMillis());
  }

  public void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /// Says that nothing more will be sent.
  public void end() throws IOException {
    socket.shutdownOutput();
  }

  /// The next head of an answer, up to its empty line; less, or nothing, where the connection ends
  /// before.
  public String head() throws IOException {
    var head = new ByteArrayOutputStream();
    try {
      for (var next = read(); next >= 0; next = read()) {
        head.write(next);
        var text = head.toString(StandardCharsets.ISO_8859_1);
        if (text.endsWith(HEAD_END)) {
          return text;
        }
      }
    } catch (SocketTimeoutException failure) {
      throw new IOException("no answer, only: " + head, failure);
    } catch (IOException _) {
      // Reset: that is an end too.
      return head.toString(StandardCharsets.ISO_8859_1);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private int read() throws IOException {
    return socket.getInputStream().read();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
