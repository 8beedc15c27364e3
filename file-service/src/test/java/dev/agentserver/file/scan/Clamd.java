package dev.agentserver.file.scan;

import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.FreePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A real clamd with one signature, that of the EICAR test file, and small limits.
public final class Clamd implements AutoCloseable {
  public static final Path PROGRAM = Path.of("/usr/sbin/clamd");

  private final Process process;
  private final Path directory;
  private final int port;

  private Clamd(Process process, Path directory, int port) {
    this.process = process;
    this.directory = directory;
    this.port = port;
  }

  public static Clamd start(Path directory) throws IOException {
    var signatures = Files.createDirectory(directory.resolve("signatures"));
    Files.writeString(
        signatures.resolve("local.hdb"), "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test\n");
    var port = FreePort.find();
    var config = directory.resolve("clamd.conf");
    Files.write(
        config,
        List.of(
            "Foreground yes",
            "DatabaseDirectory " + signatures,
            "LocalSocket " + directory.resolve("clamd.ctl"),
            "TCPSocket " + port,
            "TCPAddr 127.0.0.1",
            "StreamMaxLength 2M",
            "MaxFileSize 1M",
            "MaxScanSize 1M",
            "AlertExceedsMax yes"));
    var process =
        new ProcessBuilder(PROGRAM.toString(), "--config-file=" + config)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("clamd.log").toFile())
            .start();
    var clamd = new Clamd(process, directory, port);
    Await.until("clamd listens", clamd::listens);
    return clamd;
  }

  public SocketAddress unix() {
    return UnixDomainSocketAddress.of(directory.resolve("clamd.ctl"));
  }

  SocketAddress tcp() {
    return new InetSocketAddress("127.0.0.1", port);
  }

  private boolean listens() {
    try (var _ = SocketChannel.open(unix());
        var _ = SocketChannel.open(tcp())) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
