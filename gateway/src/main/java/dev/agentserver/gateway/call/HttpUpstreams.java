package dev.agentserver.gateway.call;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.RequestOptions;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.common.Flags;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.util.EventLoopGroups;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The HTTP listeners of the services behind the gateway. What is sent to them is streamed, has no
/// bound in size and none in time: whoever forwards looks after both.
public final class HttpUpstreams implements AutoCloseable {
  /// The name of the one that gets what is for no other.
  public static final String OF_THE_REST = "*";

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Pattern TARGET =
      Pattern.compile("static:([^/\\s]+)|dns:///([^/,\\s]+:\\d+)");

  private final EventLoopGroup loops =
      EventLoopGroups.newEventLoopGroup(Flags.numCommonWorkers(), "http-upstreams");

  private final ClientFactory factory =
      ClientFactory.builder()
          .workerGroup(loops, false)
          .connectTimeout(CONNECT)
          .useHttp2Preface(true)
          .build();

  private final Map<String, WebClient> clients = new HashMap<>();

  /// @param targets package prefix to `static:host:port[,host:port]` or `dns:///name:port`
  public HttpUpstreams(Map<String, String> targets) {
    targets.forEach((prefix, target) -> clients.put(prefix, client(target)));
  }

  private WebClient client(String target) {
    return WebClient.builder(SessionProtocol.HTTP, endpoints(target))
        .factory(factory)
        .responseTimeoutMillis(0)
        .writeTimeoutMillis(0)
        .maxResponseLength(0)
        .build();
  }

  private static EndpointGroup endpoints(String target) {
    var parts = TARGET.matcher(target);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "HTTP_UPSTREAMS has \""
              + target
              + "\", allowed is static:host:port[,host:port] or dns:///name:port");
    }
    if (parts.group(1) == null) {
      return Endpoint.parse(parts.group(2));
    }
    return EndpointGroup.of(Arrays.stream(parts.group(1).split(",")).map(Endpoint::parse).toList());
  }

  /// The listener of a service's HTTP doors, which is another than that of its methods.
  public static String ofDoor(String prefix) {
    return "door:" + prefix;
  }

  /// Sends a request as it is.
  public HttpResponse send(String upstream, HttpRequest request) {
    return clients.get(upstream).execute(request);
  }

  /// The same, with an end.
  ///
  /// @param patience how long it may take; empty: as long as it likes
  public HttpResponse send(String upstream, HttpRequest request, Optional<Duration> patience) {
    var options =
        RequestOptions.builder()
            .responseTimeoutMillis(patience.map(Duration::toMillis).orElse(0L))
            .build();
    return clients.get(upstream).execute(request, options);
  }

  /// Whether there is one of this name.
  public boolean has(String upstream) {
    return clients.containsKey(upstream);
  }

  /// Cuts what still runs: the server in front has drained before.
  @Override
  public void close() {
    factory.close();
    EventLoops.end(loops).syncUninterruptibly();
  }
}
