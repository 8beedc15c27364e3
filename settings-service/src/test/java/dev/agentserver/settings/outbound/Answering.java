package dev.agentserver.settings.outbound;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// A server of one's own on an address of this machine, which says what it is told to say.
public final class Answering implements AutoCloseable {
  private final ServerSocket server;
  private final AtomicInteger asked = new AtomicInteger();

  /// What is done with a connection.
  @FunctionalInterface
  public interface Script {
    void play(Socket socket) throws IOException;
  }

  public Answering(String address, ServerSocket server, Script script) {
    this.server = server;
    Thread.ofVirtual().name("answering " + address).start(() -> serve(script));
  }

  /// By HTTP, at a port of 127.0.0.1.
  public static Answering plainly(Script script) {
    return at("127.0.0.1", 0, script);
  }

  public static Answering at(String address, int port, Script script) {
    try {
      var server = new ServerSocket(port, 50, InetAddress.ofLiteral(address));
      return new Answering(address, server, script);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Reads the request and says this.
  public static Script saying(String answer) {
    return socket -> {
      readHead(socket);
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
    };
  }

  static String readHead(Socket socket) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      var next = socket.getInputStream().read();
      if (next < 0) {
        break;
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private void serve(Script script) {
    while (!server.isClosed()) {
      try (var socket = server.accept()) {
        asked.incrementAndGet();
        script.play(socket);
      } catch (IOException gone) {
        // The client has closed, or this server is closing.
      }
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  /// How many connections there were.
  public int asked() {
    return asked.get();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
