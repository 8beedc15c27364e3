package dev.agentserver.file;

import dev.agentserver.file.http.FileServer;
import dev.agentserver.kit.config.Environment;
import dev.agentserver.kit.config.ServerConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/// The HTTP listener of a service under test, and who asks it by tus.
final class Door implements AutoCloseable {
  private final Harness service;
  private final FileServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Door(Harness service, Duration stall) {
    this.service = service;
    server =
        FileServer.start(
            ServerConfig.from(Environment.of(Map.of("PORT", "0")), "test", 0),
            0,
            stall,
            service.domain().uploads(),
            service.domain().resumables(),
            service.domain().files(),
            service.identity().verifier(),
            (_, _, _, _) -> {},
            new SimpleMeterRegistry());
  }

  /// @param stall how long an exchange may carry nothing
  static Door of(Harness service, Duration stall) {
    return new Door(service, stall);
  }

  int port() {
    return server.port();
  }

  /// Creates an upload and says where it is.
  String create(Person person, long length, String... headers) {
    var answer =
        send(
            person, "POST", "/v1/tus", null, with(headers, "Upload-Length", Long.toString(length)));
    if (answer.statusCode() != 201) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    return answer.headers().firstValue("location").orElseThrow();
  }

  HttpResponse<String> patch(
      Person person, String path, long offset, byte[] bytes, String... headers) {
    return send(
        person,
        "PATCH",
        path,
        bytes,
        with(
            headers,
            "Upload-Offset",
            Long.toString(offset),
            "Content-Type",
            "application/offset+octet-stream"));
  }

  HttpResponse<String> head(Person person, String path) {
    return send(person, "HEAD", path, null);
  }

  /// @param bytes null: none
  /// @param headers names and values
  HttpResponse<String> send(
      Person person, String method, String path, byte[] bytes, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .method(
                method, bytes == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes))
            .header("tus-resumable", "1.0.0")
            .header("authorization", "Bearer " + service.identity().token(person.caller()));
    for (var i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static String[] with(String[] headers, String... more) {
    return Stream.of(more, headers).flatMap(Stream::of).toArray(String[]::new);
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
