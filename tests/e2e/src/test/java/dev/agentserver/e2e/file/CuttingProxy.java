package dev.agentserver.e2e.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Passes connections on, and resets the one that carries the last byte of every so many upwards,
/// a number of times.
final class CuttingProxy implements AutoCloseable {
  private static final int PIECE = 64 * 1024;

  private final URI target;
  private final long every;
  private final int times;
  private final ServerSocket listener;
  private final AtomicLong carried = new AtomicLong();
  private final AtomicInteger cuts = new AtomicInteger();

  private CuttingProxy(URI target, long every, int times) throws IOException {
    this.target = target;
    this.every = every;
    this.times = times;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  static CuttingProxy before(URI target, long every, int times) {
    try {
      var proxy = new CuttingProxy(target, every, times);
      Thread.ofPlatform().daemon().start(proxy::accept);
      return proxy;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  int cuts() {
    return cuts.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        var server = new Socket(target.getHost(), target.getPort());
        Thread.ofPlatform().daemon().start(() -> pass(client, server, true));
        Thread.ofPlatform().daemon().start(() -> pass(server, client, false));
      } catch (IOException closed) {
        // It is over.
      }
    }
  }

  private void pass(Socket from, Socket to, boolean upwards) {
    try (from;
        to) {
      if (isCutShort(from.getInputStream(), to.getOutputStream(), upwards)) {
        reset(from);
        reset(to);
      }
    } catch (IOException broken) {
      // The other one ends as well.
    }
  }

  private boolean isCutShort(InputStream in, OutputStream out, boolean upwards) throws IOException {
    var piece = new byte[PIECE];
    for (var read = in.read(piece); read >= 0; read = in.read(piece)) {
      out.write(piece, 0, read);
      if (upwards && isCut(carried.addAndGet(read))) {
        return true;
      }
    }
    return false;
  }

  private boolean isCut(long now) {
    var done = cuts.get();
    return done < times && now >= (done + 1) * every && cuts.compareAndSet(done, done + 1);
  }

  /// Without a word.
  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
