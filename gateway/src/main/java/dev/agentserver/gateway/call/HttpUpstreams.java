package dev.agentserver.gateway.call;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.RequestOptions;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestContext;
import com.linecorp.armeria.common.SessionProtocol;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// The HTTP listeners of the services behind the gateway. What is sent to them is streamed, has no
/// bound in size and none in time: whoever forwards looks after both.
///
/// A request goes on by the thread that it came by: each thread of the server has connections of
/// its own to the services. Armeria stops reading from a client by HTTP/1.1 while much of a body
/// waits, and goes on when it was taken, without a lock between the two: where one thread reads and
/// another takes, reading could be stopped after the last piece was taken, and for good.
///
/// There is nothing to close: the connections end with the threads, which the server ends.
public final class HttpUpstreams {
  /// The name of the one that gets what is for no other.
  public static final String OF_THE_REST = "*";

  /// Bytes of a body that are carried at once: every piece costs system calls.
  public static final int MAX_PIECE = 64 * 1024;

  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Pattern TARGET =
      Pattern.compile("static:([^/\\s]+)|dns:///([^/,\\s]+:\\d+)");

  private final Map<String, EndpointGroup> targets = new HashMap<>();
  private final Map<EventLoop, Map<String, WebClient>> clients = new ConcurrentHashMap<>();

  /// @param targets package prefix to `static:host:port[,host:port]` or `dns:///name:port`
  public HttpUpstreams(Map<String, String> targets) {
    targets.forEach((prefix, target) -> this.targets.put(prefix, endpoints(target)));
  }

  /// Those of one thread.
  private Map<String, WebClient> clients(EventLoop loop) {
    var factory =
        ClientFactory.builder()
            .workerGroup(loop, false)
            .connectTimeout(CONNECT)
            .useHttp2Preface(true)
            .http2MaxFrameSize(MAX_PIECE)
            .build();
    var ofLoop = new HashMap<String, WebClient>();
    targets.forEach((prefix, target) -> ofLoop.put(prefix, client(factory, target)));
    return ofLoop;
  }

  private static WebClient client(ClientFactory factory, EndpointGroup target) {
    return WebClient.builder(SessionProtocol.HTTP, target)
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

  /// Sends on what came with the request of the context, as it is.
  public HttpResponse send(RequestContext context, String upstream, HttpRequest request) {
    return client(context, upstream).execute(request);
  }

  /// The same, with an end.
  ///
  /// @param patience how long it may take; empty: as long as it likes
  public HttpResponse send(
      RequestContext context, String upstream, HttpRequest request, Optional<Duration> patience) {
    var options =
        RequestOptions.builder()
            .responseTimeoutMillis(patience.map(Duration::toMillis).orElse(0L))
            .build();
    return client(context, upstream).execute(request, options);
  }

  private WebClient client(RequestContext context, String upstream) {
    return clients
        .computeIfAbsent(context.eventLoop().withoutContext(), this::clients)
        .get(upstream);
  }

  /// Whether there is one of this name.
  public boolean has(String upstream) {
    return targets.containsKey(upstream);
  }
}
