package dev.agentserver.file.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// A way to a server that can be held up: connections stay, and nothing moves on them.
public final class Forwarder implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;

  /// Whoever moves bytes reads; whoever holds them up writes.
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);

  /// @param server on this machine
  public Forwarder(URI server) {
    try {
      listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    target = server.getPort();
    Thread.startVirtualThread(this::accept);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /// Runs with nothing moving; from the same thread as long as it lasts.
  public void whileHeldUp(Runnable work) {
    gate.writeLock().lock();
    try {
      work.run();
    } finally {
      gate.writeLock().unlock();
    }
  }

  private void accept() {
    try {
      while (true) {
        connect(listener.accept());
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void connect(Socket client) throws IOException {
    try {
      var server = new Socket(InetAddress.getLoopbackAddress(), target);
      Thread.startVirtualThread(() -> move(client, server));
      Thread.startVirtualThread(() -> move(server, client));
    } catch (IOException nobodyThere) {
      client.close();
    }
  }

  private void move(Socket from, Socket to) {
    try (from;
        to) {
      var bytes = new byte[1 << 16];
      for (var read = from.getInputStream().read(bytes);
          read >= 0;
          read = from.getInputStream().read(bytes)) {
        gate.readLock().lock();
        try {
          to.getOutputStream().write(bytes, 0, read);
        } finally {
          gate.readLock().unlock();
        }
      }
    } catch (IOException closed) {
      // By the other direction, or by one of the ends.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
