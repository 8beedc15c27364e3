package dev.agentserver.gateway.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.agentserver.gateway.contract.Contracts;
import dev.agentserver.kit.observe.Health;
import java.util.Optional;
import java.util.Set;

/// What the gateway answers by itself: health, the descriptor set, and a page for a browser that
/// looks in.
final class Pages {
  /// The paths that no route of a contract may take.
  static final Set<String> RESERVED = Set.of("/health", "/livez", "/readyz", "/descriptor.pb");

  private static final MediaType BINARY = MediaType.create("application", "x-protobuf");
  private static final String INDEX =
      """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>Agent Server</title>
      <style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 40em; margin: 3em auto; padding: 0 1em }</style>
      <h1>Agent Server</h1>
      <p>This port speaks REST with JSON, gRPC and gRPC-Web.</p>
      <ul>
      <li><a href="/health">Health</a> of the services behind it</li>
      <li><a href="/descriptor.pb">The contracts</a> as a protobuf descriptor set, for clients such as grpcurl</li>
      <li>The documentation lies in the directory docs of the sources: api-guide.md to begin with, errors.md for every error</li>
      </ul>
      </html>
      """;

  private final Health health;
  private final HttpData descriptor;

  Pages(Health health, Contracts contracts) {
    this.health = health;
    this.descriptor = HttpData.wrap(contracts.bytes());
  }

  /// The page of a path; empty where there is none.
  Optional<HttpResponse> find(String path) {
    return switch (path) {
      case "/" -> Optional.of(page(MediaType.HTML_UTF_8, HttpData.ofUtf8(INDEX)));
      case "/livez" -> Optional.of(state(true, MediaType.PLAIN_TEXT_UTF_8, "ok\n"));
      case "/readyz" ->
          Optional.of(
              state(
                  health.serving(),
                  MediaType.PLAIN_TEXT_UTF_8,
                  health.serving() ? "ok\n" : "not serving\n"));
      case "/health" -> Optional.of(state(health.serving(), MediaType.JSON, health.json()));
      case "/descriptor.pb" -> Optional.of(page(BINARY, descriptor));
      case String _ -> Optional.empty();
    };
  }

  private static HttpResponse page(MediaType type, HttpData content) {
    return HttpResponse.of(HttpStatus.OK, type, content);
  }

  private static HttpResponse state(boolean good, MediaType type, String content) {
    var headers =
        ResponseHeaders.builder(good ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
            .contentType(type)
            .add("cache-control", "no-store");
    return HttpResponse.of(headers.build(), HttpData.ofUtf8(content));
  }
}
