package dev.agentserver.kit.test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.agentserver.kit.config.DatabaseConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The way to a database, which a test can cut: open connections break and new ones are refused, as
/// when the server was killed, or who asked it.
public final class CutOff implements AutoCloseable {
  /// How the server says that it is in no transaction: ReadyForQuery, 5 bytes, I.
  private static final String IDLE = "Z\0\0\0\5I";

  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ServerSocket door;
  private final DatabaseConfig config;
  private final int target;
  private volatile boolean cut;
  private volatile @Nullable Steps steps;

  /// What happens on the way, of the transactions in which a text is sent: a step before each thing
  /// that is asked, and one when it was answered and before anybody hears of it.
  ///
  /// @param marked the text, in ASCII
  /// @param goesOn asked at each step; false: nothing comes through any more
  public record Steps(String marked, BooleanSupplier goesOn) {}

  public CutOff(DatabaseConfig config) {
    try {
      this.door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    this.config = config;
    this.target = URI.create(config.url().substring("jdbc:".length())).getPort();
    Thread.ofVirtual().start(this::accept);
  }

  /// The same database behind this way.
  public DatabaseConfig config() {
    return new DatabaseConfig(
        config.url().replace(":" + target + "/", ":" + door.getLocalPort() + "/"),
        config.schema(),
        config.runtimeUser(),
        config.runtimePassword(),
        config.ownerUser(),
        config.ownerPassword(),
        config.poolSize(),
        Duration.ofMillis(250),
        config.statementTimeout());
  }

  public void cut() {
    cut = true;
    sockets.forEach(CutOff::close);
  }

  /// Has somebody asked at each step from now on.
  public void watch(Steps asked) {
    steps = asked;
  }

  public void mend() {
    cut = false;
  }

  private void accept() {
    try {
      while (true) {
        var client = door.accept();
        if (cut) {
          close(client);
          continue;
        }
        var server = new Socket(InetAddress.getLoopbackAddress(), target);
        var connection = new Connection(client, server);
        Thread.ofVirtual().start(connection::ask);
        Thread.ofVirtual().start(connection::answer);
      }
    } catch (IOException closed) {
      cut();
    }
  }

  private final class Connection {
    private final Socket client;
    private final Socket server;

    /// Whether the transaction that is under way is one of those that are looked at.
    private volatile boolean marked;

    Connection(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void ask() {
      carry(
          client,
          server,
          sent -> {
            var asked = steps;
            marked |= asked != null && sent.contains(asked.marked());
            return goesOn();
          });
    }

    void answer() {
      carry(
          server,
          client,
          answered -> {
            var goesOn = goesOn();
            marked &= !answered.endsWith(IDLE);
            return goesOn;
          });
    }

    private boolean goesOn() {
      var asked = steps;
      return asked == null || !marked || asked.goesOn().getAsBoolean();
    }
  }

  private void carry(Socket from, Socket to, Predicate<String> passes) {
    sockets.add(from);
    try {
      var bytes = new byte[1 << 16];
      var read = from.getInputStream().read(bytes);
      while (!cut && read >= 0 && passes.test(new String(bytes, 0, read, ISO_8859_1))) {
        to.getOutputStream().write(bytes, 0, read);
        read = from.getInputStream().read(bytes);
      }
    } catch (IOException broken) {
      // That is what it is for.
    } finally {
      close(from);
      close(to);
      sockets.remove(from);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    cut();
  }
}
