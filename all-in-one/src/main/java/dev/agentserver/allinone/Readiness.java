package dev.agentserver.allinone;

import dev.agentserver.allinone.data.StartFailure;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;

/// Waits until the gateway says that everything behind it answers.
final class Readiness {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration GLANCE = Duration.ofMillis(20);

  private Readiness() {}

  static void await(String url) {
    var end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (status(url + "/readyz") != HttpURLConnection.HTTP_OK) {
        if (System.nanoTime() > end) {
          throw new StartFailure(
              "The services do not become ready within %d seconds; --log info says more."
                  .formatted(PATIENCE.toSeconds()));
        }
        Thread.sleep(GLANCE);
      }
    } catch (IOException failure) {
      throw new StartFailure("The gateway does not answer on " + url + ": " + failure, failure);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new StartFailure("The start was interrupted.");
    }
  }

  private static int status(String url) throws IOException {
    var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout((int) ANSWER.toMillis());
    connection.setReadTimeout((int) ANSWER.toMillis());
    try {
      return connection.getResponseCode();
    } catch (SocketTimeoutException _) {
      return HttpURLConnection.HTTP_UNAVAILABLE;
    } finally {
      connection.disconnect();
    }
  }
}
