package dev.agentserver.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

/// Forms of one file, as curl and browsers send them.
///
/// @param files where they go, for example `http://127.0.0.1:8080/v1/files`
/// @param token of who sends them; "" where nobody asks
public record HttpFiles(HttpClient client, String files, String token) implements FileWay {
  private static final Pattern ID = Pattern.compile("\"file_id\"\\s*:\\s*\"([^\"]+)\"");
  private static final String HEAD =
      "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n";

  public HttpFiles(String files, String token) {
    this(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), files, token);
  }

  @Override
  public String put(byte[] bytes) {
    var body =
        BodyPublishers.concat(
            BodyPublishers.ofString(HEAD),
            BodyPublishers.ofByteArray(bytes),
            BodyPublishers.ofString("\r\n--X--\r\n"));
    var request =
        request("").header("Content-Type", "multipart/form-data; boundary=X").POST(body).build();
    var answer = send(request, BodyHandlers.ofString()).body();
    var id = ID.matcher(answer);
    if (!id.find()) {
      throw new IllegalStateException("not uploaded: " + answer);
    }
    return id.group(1);
  }

  @Override
  public long get(String id) {
    try (var content =
        send(request("/" + id + "/content").build(), BodyHandlers.ofInputStream()).body()) {
      return FileBytes.drain(content);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void delete(String id) {
    send(request("/" + id).DELETE().build(), BodyHandlers.discarding());
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(URI.create(files + path));
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
    try {
      var answer = client.send(request, handler);
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(request + " was answered with " + answer.statusCode());
      }
      return answer;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
