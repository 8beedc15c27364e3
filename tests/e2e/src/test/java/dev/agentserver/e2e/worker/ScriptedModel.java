package dev.agentserver.e2e.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentserver.e2e.client.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// An endpoint that speaks OpenAI's chat completions and says what it was told to.
final class ScriptedModel implements AutoCloseable {
  /// Answers a request.
  @FunctionalInterface
  interface Script {
    /// @param number which request it is, from 1
    void answer(int number, JsonNode request, HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final List<JsonNode> requests = new CopyOnWriteArrayList<>();

  ScriptedModel(Script script) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/v1/models", exchange -> say(exchange, 200, "{\"data\":[{\"id\":\"m-1\"}]}"));
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          var request = Json.parse(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          requests.add(request);
          try (exchange) {
            script.answer(requests.size(), request, exchange);
          }
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /// What it was asked.
  List<JsonNode> requests() {
    return requests;
  }

  static void say(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /// Begins a stream of chunks.
  static OutputStream stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    return exchange.getResponseBody();
  }

  static void chunk(OutputStream body, String json) throws IOException {
    body.write(("data: " + json + "\n\n").getBytes(UTF_8));
    body.flush();
  }

  static void delta(OutputStream body, String delta) throws IOException {
    chunk(body, "{\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{%s}}]}".formatted(delta));
  }

  static void text(OutputStream body, String text) throws IOException {
    delta(body, "\"content\":\"" + text + "\"");
  }

  /// Ends the stream well.
  static void end(OutputStream body, String reason, String usage) throws IOException {
    chunk(
        body,
        "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"%s\"}]}".formatted(reason));
    chunk(body, "{\"choices\":[],\"usage\":" + usage + "}");
    chunk(body, "[DONE]");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
