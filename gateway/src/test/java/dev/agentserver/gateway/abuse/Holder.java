package dev.agentserver.gateway.abuse;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;

/// Opens connections and keeps them, in a process of its own: each takes a file descriptor at both
/// ends, and a process has only so many.
final class Holder {
  private Holder() {}

  /// Takes a port and a number; says `open` when all are, and ends with its input.
  public static void main(String[] arguments) throws IOException {
    var server = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
    var open = new ArrayList<SocketChannel>();
    for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
      open.add(SocketChannel.open(server));
    }
    System.out.println("open");
    while (System.in.read() >= 0) {
      // Whoever started this is still there.
    }
  }
}
