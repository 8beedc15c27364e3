package dev.agentserver.benchmarks.load;

import dev.agentserver.benchmarks.system.Ids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

/// Writes messages into a conversation of a peer.
public final class PeerWriter implements AutoCloseable {
  private static final Pattern SEQ = Pattern.compile("\"seq\":\"?(\\d+)");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpRequest request;

  public PeerWriter(URI messages) {
    var body = "{\"role\":\"user\",\"content\":\"" + Ids.TEXT + "\"}";
    this.request =
        HttpRequest.newBuilder(messages)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
  }

  /// Appends a message, and returns its number.
  public long say() {
    try {
      var reply = http.send(request, BodyHandlers.ofString()).body();
      var seq = SEQ.matcher(reply);
      if (!seq.find()) {
        throw new IllegalStateException(reply);
      }
      return Long.parseLong(seq.group(1));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException failure) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
