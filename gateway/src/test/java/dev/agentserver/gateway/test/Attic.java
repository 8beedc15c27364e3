package dev.agentserver.gateway.test;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.agentserver.kit.test.Await;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/// The HTTP listener of a service, as uploads and downloads are served by one.
public final class Attic implements AutoCloseable {
  private static final HttpData PIECE = HttpData.wrap(new byte[64 * 1024]);

  private final BlockingQueue<RequestHeaders> requests = new LinkedBlockingQueue<>();
  private final AtomicLong produced = new AtomicLong();
  private final Set<String> cut = ConcurrentHashMap.newKeySet();
  private final Server server;

  public Attic() {
    server =
        Server.builder()
            .http(new InetSocketAddress("127.0.0.1", 0))
            .requestTimeoutMillis(0)
            .maxRequestLength(0)
            .serviceUnder("/", this::serve)
            .build();
    server.start().join();
  }

  /// What HTTP_UPSTREAMS says of it.
  public String target() {
    return "notebook.v1=static:127.0.0.1:" + server.activeLocalPort();
  }

  private HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    requests.add(request.headers());
    var path = context.path();
    context
        .log()
        .whenComplete()
        .thenAccept(
            log -> {
              if (log.responseCause() != null) {
                cut.add(path);
              }
            });
    return switch (path.substring(path.lastIndexOf('/') + 1)) {
      case "echo" -> echo(request);
      case "part" -> part(request.headers());
      case "endless" -> endless();
      case "silent" -> HttpResponse.streaming();
      case "broken" -> broken();
      default -> HttpResponse.of(HttpStatus.NO_CONTENT);
    };
  }

  /// Answers each piece as soon as it comes, and at the end how many there were.
  private static HttpResponse echo(HttpRequest request) {
    var response = HttpResponse.streaming();
    var pieces = new AtomicLong();
    response.write(
        ResponseHeaders.builder(HttpStatus.CREATED)
            .add("location", "/attic/made")
            .add("connection", "x-hop")
            .add("set-cookie", "a=b")
            .add("access-control-allow-origin", "*")
            .add("x-custom", "kept")
            .build());
    request.subscribe(
        new Subscriber<>() {
          private Subscription subscription;

          @Override
          public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(1);
          }

          @Override
          public void onNext(HttpObject piece) {
            if (piece instanceof HttpData data) {
              pieces.addAndGet(data.length());
              response.write(data);
            }
            response.whenConsumed().thenRun(() -> subscription.request(1));
          }

          @Override
          public void onError(Throwable failure) {
            response.abort(failure);
          }

          @Override
          public void onComplete() {
            response.write(HttpHeaders.of("x-bytes", Long.toString(pieces.get())));
            response.close();
          }
        });
    return response;
  }

  private static HttpResponse part(RequestHeaders headers) {
    if ("\"v1\"".equals(headers.get("if-none-match"))) {
      return HttpResponse.of(ResponseHeaders.of(HttpStatus.NOT_MODIFIED, "etag", "\"v1\""));
    }
    var range = headers.get("range");
    return range == null
        ? HttpResponse.of(
            ResponseHeaders.builder(HttpStatus.OK).add("etag", "\"v1\"").build(),
            HttpData.ofUtf8("0123456789"))
        : HttpResponse.of(
            ResponseHeaders.builder(HttpStatus.PARTIAL_CONTENT)
                .add("content-range", "bytes 2-4/10")
                .build(),
            HttpData.ofUtf8("234"));
  }

  /// Produces as much as is taken.
  private HttpResponse endless() {
    var response = HttpResponse.streaming();
    response.write(ResponseHeaders.of(HttpStatus.OK));
    produce(response);
    return response;
  }

  private void produce(HttpResponseWriter response) {
    if (response.tryWrite(PIECE)) {
      produced.addAndGet(PIECE.length());
      response.whenConsumed().thenRun(() -> produce(response));
    }
  }

  /// Ends in the middle.
  private static HttpResponse broken() {
    var response = HttpResponse.streaming();
    response.write(ResponseHeaders.of(HttpStatus.OK));
    response.write(HttpData.ofUtf8("half"));
    response.whenConsumed().thenRun(() -> response.close(new IllegalStateException("broken")));
    return response;
  }

  /// The headers of the next request that arrives, or has arrived.
  public RequestHeaders next() throws InterruptedException {
    var headers = requests.poll(10, TimeUnit.SECONDS);
    if (headers == null) {
      throw new AssertionError("no request arrived");
    }
    return headers;
  }

  /// How many have arrived that nobody has looked at.
  public int arrived() {
    return requests.size();
  }

  /// How many bytes of the endless response were taken.
  public long produced() {
    return produced.get();
  }

  /// Waits until an exchange at this path ends before its time.
  public void awaitCut(String path) {
    Await.until(path + " is cut", () -> cut.contains(path));
  }

  @Override
  public void close() {
    server.stop().join();
  }
}
