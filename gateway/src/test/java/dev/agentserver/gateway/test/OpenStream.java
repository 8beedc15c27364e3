package dev.agentserver.gateway.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A stream of text that is read as it comes. It waits for the response's headers when something is
/// first asked of it, because they come with the first message.
public final class OpenStream implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  private final CompletableFuture<HttpResponse<InputStream>> response;
  private @Nullable BufferedReader reader;

  OpenStream(CompletableFuture<HttpResponse<InputStream>> response) {
    this.response = response.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  public int status() {
    return response.join().statusCode();
  }

  public String header(String name) {
    return response.join().headers().firstValue(name).orElse("");
  }

  public boolean isHttp2() {
    return response.join().version() == HttpClient.Version.HTTP_2;
  }

  /// Whether the headers have come.
  public boolean hasBegun() {
    return response.isDone();
  }

  private BufferedReader reader() {
    if (reader == null) {
      var body = response.join().body();
      reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }
    return reader;
  }

  /// The next line; null at the end.
  public @Nullable String line() {
    try {
      return reader().readLine();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /// The next characters.
  public String read(int count) {
    try {
      var text = new StringBuilder();
      while (text.length() < count) {
        int next = reader().read();
        if (next < 0) {
          throw new AssertionError("the stream ends after " + text);
        }
        text.append((char) next);
      }
      return text.toString();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /// The lines up to the next empty one.
  public List<String> block() {
    var block = new ArrayList<String>();
    for (var line = line(); line != null && !line.isEmpty(); line = line()) {
      block.add(line);
    }
    return block;
  }

  /// What is left, to the end.
  public String rest() {
    var all = new ArrayList<String>();
    for (var line = line(); line != null; line = line()) {
      all.add(line);
    }
    return String.join("\n", all);
  }

  @Override
  public void close() {
    try {
      response.join().body().close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
