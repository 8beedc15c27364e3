package dev.agentserver.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import dev.agentserver.kit.http.EventLoops;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HttpUpstreamsTest {
  private static final int BODY = 1 << 20;
  private static final int CLIENTS = 8;

  /// Whether a piece of a body was taken by the thread that reads the client's connection.
  private final Set<Boolean> byTheSameThread = ConcurrentHashMap.newKeySet();

  @Test
  void aBodyIsTakenByTheThreadThatReadsIt() throws Exception {
    var loops = EventLoops.ofServer(4, "front");
    try (var behind =
            server(
                null,
                (context, request) ->
                    HttpResponse.of(
                        request
                            .aggregate()
                            .thenApply(
                                whole ->
                                    HttpResponse.of(Integer.toString(whole.content().length())))));
        var front = server(loops, sentOn(behind.activeLocalPort()))) {
      for (var client = 0; client < CLIENTS; client++) {
        assertThat(upload(front.activeLocalPort())).isEqualTo(Integer.toString(BODY));
      }
    }
    assertThat(byTheSameThread).containsExactly(true);
  }

  private HttpService sentOn(int port) {
    var upstreams = new HttpUpstreams(Map.of("behind", "static:127.0.0.1:" + port));
    return (context, request) -> {
      var body = request.peek(_ -> byTheSameThread.add(context.eventLoop().inEventLoop()));
      return upstreams.send(context, "behind", HttpRequest.of(request.headers(), body));
    };
  }

  /// Each by a connection of its own, so that the threads take turns.
  private static String upload(int port) throws IOException, InterruptedException {
    var request =
        java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port))
            .version(HttpClient.Version.HTTP_1_1)
            .POST(BodyPublishers.ofByteArray(new byte[BODY]))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  private static Server server(@Nullable EventLoopGroup loops, HttpService service) {
    var builder = Server.builder().http(0).serviceUnder("/", service);
    if (loops != null) {
      builder.workerGroup(loops, true);
    }
    var server = builder.build();
    server.start().join();
    return server;
  }
}
