package dev.agentserver.e2e.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// An HTTP answer.
public record Reply(int status, HttpHeaders headers, String body) {
  static Reply of(HttpResponse<?> response, byte[] body) {
    var text = new String(body, StandardCharsets.UTF_8);
    return new Reply(response.statusCode(), response.headers(), text);
  }

  public JsonNode json() {
    return Json.parse(body);
  }

  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /// The answer, which must have this status.
  public Reply expect(int expected) {
    if (status != expected) {
      throw new AssertionError("expected HTTP " + expected + ", got " + this);
    }
    return this;
  }

  /// What went wrong, which must come as a google.rpc.Status with this HTTP status.
  public Failure failure(int expected) {
    return Failure.of(expect(expected).json());
  }

  @Override
  public String toString() {
    return status + " " + headers.map() + "\n" + body;
  }
}
