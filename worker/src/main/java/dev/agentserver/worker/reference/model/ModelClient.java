package dev.agentserver.worker.reference.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentserver.worker.RunFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Asks an endpoint that speaks OpenAI's chat completions.
final class ModelClient {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration FIRST_BYTE = Duration.ofMinutes(2);
  private static final int OK = 200;
  private static final int TOO_MANY = 429;
  private static final int OF_THE_SERVER = 500;
  private static final int MOST_OF_AN_ERROR = 500;
  private static final int MOST_MODELS = 1 << 20;
  private static final String DATA = "data:";

  private final ModelConfig config;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();

  ModelClient(ModelConfig config) {
    this.config = config;
  }

  /// The first model that the endpoint lists.
  String anyModel() {
    try (var body = send(request(config.models()).GET()).body()) {
      var list = Json.object(new String(body.readNBytes(MOST_MODELS), UTF_8));
      var first = list.getFieldsOrThrow("data").getListValue().getValues(0).getStructValue();
      return first.getFieldsOrThrow("id").getStringValue();
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException failure) {
      throw unavailable(failure);
    }
  }

  /// @param each takes the text as it comes
  /// @param unwanted whether to break off
  Turn ask(String request, Consumer<String> each, BooleanSupplier unwanted) {
    var turn = new Turn();
    var asked = request(config.completions()).POST(BodyPublishers.ofString(request));
    try (var lines = new Lines(send(asked).body(), unwanted)) {
      for (var line = lines.next(); line != null; line = lines.next()) {
        var data = line.startsWith(DATA) ? line.substring(DATA.length()).strip() : "";
        if (data.equals("[DONE]")) {
          return turn;
        }
        var more = data.isEmpty() ? "" : turn.add(data);
        if (!more.isEmpty()) {
          each.accept(more);
        }
      }
    } catch (IOException failure) {
      throw unavailable(failure);
    }
    throw unavailable(new IOException("the answer was cut short"));
  }

  private HttpRequest.Builder request(URI url) {
    var request =
        HttpRequest.newBuilder(url).timeout(FIRST_BYTE).header("Content-Type", "application/json");
    return config.key().isEmpty()
        ? request
        : request.header("Authorization", "Bearer " + config.key());
  }

  private HttpResponse<InputStream> send(HttpRequest.Builder request) throws IOException {
    try {
      var response = http.send(request.build(), BodyHandlers.ofInputStream());
      if (response.statusCode() == OK) {
        return response;
      }
      try (var body = response.body()) {
        var said = new String(body.readNBytes(MOST_OF_AN_ERROR), UTF_8);
        throw refused(response.statusCode(), said);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  private static RunFailure refused(int status, String said) {
    var later = status == TOO_MANY || status >= OF_THE_SERVER;
    var reason = later ? "MODEL_UNAVAILABLE" : "MODEL_REFUSED";
    return new RunFailure(reason, "the model answered " + status + ": " + said, later);
  }

  private static RunFailure unavailable(Exception failure) {
    return new RunFailure("MODEL_UNAVAILABLE", String.valueOf(failure.getMessage()), true);
  }
}
