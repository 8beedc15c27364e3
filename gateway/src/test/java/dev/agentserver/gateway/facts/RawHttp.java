package dev.agentserver.gateway.facts;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// HTTP/1.1 over a socket, without a client's opinions on what may be sent.
final class RawHttp {
  private static final int PATIENCE_MILLIS = 20_000;

  /// @param isCut whether the connection ended before the response did
  record Reply(int code, Map<String, String> headers, byte[] body, boolean isCut) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private RawHttp() {}

  /// @param line method and target
  /// @param pieces the body, in chunks where there are several
  static Reply send(int port, String line, Map<String, String> headers, List<byte[]> pieces)
      throws IOException {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      var out = socket.getOutputStream();
      var head = new StringBuilder(line + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
      headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      if (pieces.size() == 1) {
        head.append("Content-Length: " + pieces.getFirst().length + "\r\n");
      } else if (pieces.size() > 1) {
        head.append("Transfer-Encoding: chunked\r\n");
      }
      out.write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      if (pieces.size() == 1) {
        out.write(pieces.getFirst());
      } else if (pieces.size() > 1) {
        for (var piece : pieces) {
          out.write(
              (Integer.toHexString(piece.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
          out.write(piece);
          out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
          out.flush();
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      out.flush();
      return answer(socket.getInputStream());
    }
  }

  private static Reply answer(InputStream in) throws IOException {
    int first = first(in);
    if (first < 0) {
      return new Reply(0, Map.of(), new byte[0], true);
    }
    var status = (char) first + line(in);
    var headers = new TreeMap<String, String>();
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int code = Integer.parseInt(status.split(" ")[1]);
    var body = new ByteArrayOutputStream();
    boolean isWhole = body(in, headers, body);
    return new Reply(code, headers, body.toByteArray(), !isWhole);
  }

  /// The first byte; -1 where the connection ended, in whatever way.
  private static int first(InputStream in) {
    try {
      return in.read();
    } catch (IOException cut) {
      return -1;
    }
  }

  private static boolean body(
      InputStream in, Map<String, String> headers, ByteArrayOutputStream body) {
    try {
      if (!headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
        int promised = Integer.parseInt(headers.getOrDefault("content-length", "-1"));
        body.writeBytes(promised < 0 ? in.readAllBytes() : in.readNBytes(promised));
        return promised < 0 || promised == body.size();
      }
      for (int size = size(in); size > 0; size = size(in)) {
        var chunk = in.readNBytes(size);
        body.writeBytes(chunk);
        line(in);
      }
      return true;
    } catch (IOException | NumberFormatException cut) {
      return false;
    }
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ArrayList<Byte>();
    for (int each = in.read(); each != '\n'; each = in.read()) {
      if (each < 0) {
        throw new IOException("the connection ended");
      }
      line.add((byte) each);
    }
    var bytes = new byte[line.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = line.get(i);
    }
    return new String(bytes, StandardCharsets.ISO_8859_1).strip();
  }
}
