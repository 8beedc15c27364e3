package dev.agentserver.gateway.facts;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.Server;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A server of HTTP/2 that answers with what a case says, letter by letter: what no gRPC server
/// would send.
final class PlayedHttp implements AutoCloseable {
  private final Server server;
  private final AtomicReference<@Nullable AggregatedHttpRequest> received = new AtomicReference<>();
  private volatile Fact answer = new Fact(Map.of());

  PlayedHttp() {
    server =
        Server.builder()
            .http(new InetSocketAddress("127.0.0.1", 0))
            .requestTimeoutMillis(0)
            .service(
                Route.builder().catchAll().methods(HttpMethod.knownMethods()).build(),
                (_, request) ->
                    HttpResponse.of(
                        request
                            .aggregate()
                            .thenApply(
                                whole -> {
                                  if (whole.path().startsWith("/grpc.health")) {
                                    return well(whole.path().endsWith("/Watch"));
                                  }
                                  received.set(whole);
                                  return answer();
                                })))
            .build();
    server.start().join();
  }

  int port() {
    return server.activeLocalPort();
  }

  void play(Fact next) {
    received.set(null);
    answer = new Fact(next.map("raw"));
  }

  @Nullable AggregatedHttpRequest received() {
    return received.get();
  }

  /// That it serves, for as long as anybody watches.
  private static HttpResponse well(boolean isWatched) {
    var response = HttpResponse.streaming();
    response.write(ResponseHeaders.of(HttpStatus.OK, "content-type", "application/grpc"));
    response.write(HttpData.wrap(Macros.bytes("${hex:00000000020801}")));
    if (!isWatched) {
      response.write(HttpHeaders.of("grpc-status", "0"));
      response.close();
    }
    return response;
  }

  private HttpResponse answer() {
    var isWhole = !answer.is("body") && !answer.is("trailers");
    var headers =
        ResponseHeaders.builder(Integer.parseInt(answer.text("status", "200")))
            .endOfStream(isWhole);
    answer.map("headers").forEach((name, value) -> headers.add(name, value.toString()));
    var response = HttpResponse.streaming();
    response.write(headers.build());
    if (answer.is("body")) {
      for (var piece : Fact.list(answer.get("body"))) {
        response.write(HttpData.wrap(Macros.bytes(piece.toString())));
      }
    }
    if (answer.is("trailers")) {
      var trailers = HttpHeaders.builder();
      answer.map("trailers").forEach((name, value) -> trailers.add(name, value.toString()));
      response.write(trailers.build());
    }
    response.close();
    return response;
  }

  @Override
  public void close() {
    server.stop();
  }
}
