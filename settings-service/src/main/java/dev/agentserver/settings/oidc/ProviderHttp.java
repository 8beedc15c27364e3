package dev.agentserver.settings.oidc;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads small documents of providers: within a time, up to a size, and from nowhere but where they
/// were asked for.
final class ProviderHttp implements AutoCloseable {
  private static final long MOST_BYTES = 512 * 1024;

  private final HttpClient client;
  private final Duration timeout;

  ProviderHttp(Duration timeout) {
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /// The body; everything but 200 is a failure. The time is for all of it: a body that trickles in
  /// takes no longer.
  String get(URI uri) throws IOException {
    var request = HttpRequest.newBuilder(uri).header("Accept", "application/json").build();
    var body = BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MOST_BYTES);
    var reply = client.sendAsync(request, body);
    try {
      var response = reply.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (response.statusCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException(uri + " answers " + response.statusCode());
      }
      return response.body();
    } catch (ExecutionException failed) {
      throw new IOException(uri + " cannot be read: " + failed.getCause(), failed);
    } catch (TimeoutException late) {
      throw new IOException(uri + " does not answer within " + timeout, late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } finally {
      reply.cancel(true);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
