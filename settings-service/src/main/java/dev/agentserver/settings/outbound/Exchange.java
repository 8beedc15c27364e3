package dev.agentserver.settings.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// One request of HTTP/1.1 and the first line of its answer. Closing ends it wherever it is.
final class Exchange implements AutoCloseable {
  private static final int LINE = 1024;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d)( .*)?");

  private @Nullable Socket socket;
  private boolean closed;

  /// Takes the socket, to close it when it is closed.
  synchronized Socket open(Socket opened) throws IOException {
    if (closed) {
      opened.close();
      throw new SocketException("closed");
    }
    socket = opened;
    return opened;
  }

  /// The status of the answer; 0: it is no HTTP.
  int status(
      Socket plain, InetAddress address, Endpoint endpoint, SSLSocketFactory tls, Duration timeout)
      throws IOException {
    var millis = Math.toIntExact(timeout.toMillis());
    plain.setSoTimeout(millis);
    plain.connect(new InetSocketAddress(address, endpoint.port()), millis);
    if (!endpoint.secure()) {
      return request(plain, endpoint);
    }
    try (var secured =
        (SSLSocket) tls.createSocket(plain, endpoint.host(), endpoint.port(), true)) {
      var parameters = secured.getSSLParameters();
      // The certificate must be the host's, whatever the address is.
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secured.setSSLParameters(parameters);
      secured.startHandshake();
      return request(secured, endpoint);
    }
  }

  private static int request(Socket socket, Endpoint endpoint) throws IOException {
    var head =
        "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: agentserver\r\nAccept: */*\r\nConnection: close\r\n\r\n"
            .formatted(endpoint.target(), endpoint.authority());
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    var matcher = STATUS.matcher(line(socket.getInputStream()));
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (var next = in.read(); next >= 0 && next != '\n' && line.length() < LINE; ) {
      line.append((char) next);
      next = in.read();
    }
    return line.toString().stripTrailing();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException gone) {
        // It is closed.
      }
    }
  }
}
