package dev.agentserver.benchmarks.system;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.server.Server;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;

/// The floor of a hop: what comes goes on as it is, streamed both ways. It knows nothing of gRPC,
/// asks nobody who he is, and is made with what the gateway is made with.
public final class BareProxy {
  private BareProxy() {}

  /// Starts one in a process of its own.
  public static Child start(Path work, URI service) {
    return Child.java(
        work.resolve("bare-proxy.log"),
        System.getProperty("java.class.path"),
        BareProxy.class.getName(),
        service.toString());
  }

  public static void main(String[] arguments) {
    var client =
        WebClient.builder("h2c://" + URI.create(arguments[0]).getAuthority())
            .responseTimeoutMillis(0)
            .maxResponseLength(0)
            .build();
    var server =
        Server.builder()
            .http(new InetSocketAddress("127.0.0.1", 0))
            .requestTimeoutMillis(0)
            .serviceUnder("/", (context, request) -> client.execute(request))
            .build();
    server.start().join();
    System.out.println("ready http://127.0.0.1:" + server.activeLocalPort());
  }
}
