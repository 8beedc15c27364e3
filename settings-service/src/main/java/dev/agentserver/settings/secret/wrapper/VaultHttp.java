package dev.agentserver.settings.secret.wrapper;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.agentserver.kit.config.Secret;
import dev.agentserver.kit.problem.Problem;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks one transit engine of a Vault: within a time, up to a size. What it cannot do for the
/// moment is UNAVAILABLE; what the Vault rejects is [Rejected]. No message has a body in it.
public final class VaultHttp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VaultHttp.class);
  private static final long MOST_BYTES = 64 * 1024;
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI engine;
  private final Supplier<Secret> token;
  private final Duration timeout;
  private final HttpClient client;

  /// The Vault does not do that with this: 400 or 404.
  static final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Rejected(String message) {
      super(message);
    }
  }

  /// @param address of the Vault
  /// @param mount where the engine is mounted
  /// @param token asked before each request: a file may have a new one
  public VaultHttp(URI address, String mount, Supplier<Secret> token, Duration timeout) {
    this.engine = URI.create(address.toString().replaceAll("/+$", "") + "/v1/" + mount + "/");
    this.token = token;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  JsonNode get(String path) {
    return send(path, HttpRequest.newBuilder().GET());
  }

  JsonNode post(String path, String body) {
    return send(path, HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)));
  }

  /// The failure of a reply that makes no sense.
  RuntimeException senseless(String asked) {
    LOG.warn("Vault's reply to {} makes no sense", asked);
    return unavailable();
  }

  private JsonNode send(String path, HttpRequest.Builder builder) {
    var uri = engine.resolve(path);
    var request =
        builder
            .uri(uri)
            .header("X-Vault-Token", token.get().value())
            .header("X-Vault-Request", "true")
            .build();
    var body = BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MOST_BYTES);
    var reply = client.sendAsync(request, body);
    try {
      return read(path, reply.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (ExecutionException failed) {
      LOG.warn("Vault cannot be asked for {}: {}", uri, String.valueOf(failed.getCause()));
    } catch (TimeoutException _) {
      LOG.warn("Vault does not answer {} within {}", uri, timeout);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      reply.cancel(true);
    }
    throw unavailable();
  }

  private JsonNode read(String path, HttpResponse<String> response) {
    var status = response.statusCode();
    if (status == HttpURLConnection.HTTP_BAD_REQUEST
        || status == HttpURLConnection.HTTP_NOT_FOUND) {
      throw new Rejected("Vault answers %d to %s".formatted(status, path));
    }
    if (status != HttpURLConnection.HTTP_OK && status != HttpURLConnection.HTTP_NO_CONTENT) {
      LOG.warn("Vault answers {} to {}", status, path);
      throw unavailable();
    }
    if (response.body().isEmpty()) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(response.body());
    } catch (JacksonException _) {
      throw senseless(path);
    }
  }

  private static RuntimeException unavailable() {
    return new Problem.Unavailable("vault", RETRY).raise();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
