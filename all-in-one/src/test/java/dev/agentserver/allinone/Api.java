package dev.agentserver.allinone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// The running system as somebody with the development key calls it.
record Api(String url, String key, HttpClient http) implements AutoCloseable {
  static Api of(String url, Path data) throws IOException {
    var key = Files.readString(data.resolve("development-key")).strip();
    return new Api(url, key, HttpClient.newHttpClient());
  }

  /// Creates a conversation; the reply is an acknowledgement that it will be there from now on.
  UUID create(String title) throws IOException, InterruptedException {
    var id = UUID.randomUUID();
    var body = "{\"conversation_id\":\"%s\",\"title\":\"%s\"}".formatted(id, title);
    var reply = send(request("/v1/conversations").header("Content-Type", "application/json"), body);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(201);
    return id;
  }

  String get(String path) throws IOException, InterruptedException {
    var reply = http.send(request(path).GET().build(), BodyHandlers.ofString());
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return reply.body();
  }

  @Override
  public void close() {
    http.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String body)
      throws IOException, InterruptedException {
    return http.send(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + key);
  }
}
