package dev.agentserver.e2e.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Speaks HTTP to the gateway, with the headers it was made with. Nothing is checked or repaired on
/// the way out, so that wrong requests can be made too.
public final class Http {
  /// One connection pool for all: a client of its own for each user would be a thread of its own.
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String JSON = "application/json";

  private final URI base;
  private final Map<String, String> headers;

  public Http(URI base) {
    this(base, Map.of());
  }

  private Http(URI base, Map<String, String> headers) {
    this.base = base;
    this.headers = headers;
  }

  /// The same with one header more, or with another value of it.
  public Http with(String header, String value) {
    var all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new Http(base, Map.copyOf(all));
  }

  public Http bearer(String token) {
    return with("Authorization", "Bearer " + token);
  }

  public Reply get(String path) {
    return send("GET", path, null);
  }

  public Reply delete(String path) {
    return send("DELETE", path, null);
  }

  public Reply post(String path, JsonNode body) {
    return json("POST", path, body.toString());
  }

  public Reply post(String path, String json) {
    return json("POST", path, json);
  }

  public Reply patch(String path, String json) {
    return json("PATCH", path, json);
  }

  /// A body that is to be taken for JSON, whether it is or not.
  public Reply json(String method, String path, String body) {
    return with("Content-Type", JSON).send(method, path, body.getBytes(StandardCharsets.UTF_8));
  }

  public Reply send(String method, String path, byte[] body) {
    try {
      return attempt(method, path, body);
    } catch (IOException failure) {
      throw new UncheckedIOException(method + " " + path, failure);
    }
  }

  /// The same for callers to whom a broken connection is an answer.
  public Reply attempt(String method, String path, byte[] body) throws IOException {
    var publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
    var request =
        HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT).method(method, publisher);
    headers.forEach(request::setHeader);
    try {
      var response = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
      return Reply.of(response, response.body());
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IOException(failure);
    }
  }

  /// An answer that goes on and on, to be read as it comes.
  public HttpResponse<InputStream> open(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT).GET();
    headers.forEach(request::setHeader);
    return CLIENT.send(request.build(), BodyHandlers.ofInputStream());
  }

  /// The beginning of an answer that goes on and on; all of one that does not open.
  public Reply begin(String path) {
    try {
      var response = open(path);
      try (var body = response.body()) {
        var begun = response.statusCode() == 200 ? body.readNBytes(1) : body.readAllBytes();
        return Reply.of(response, begun);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(path, failure);
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }

  /// A value as it may stand in a query.
  public static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
