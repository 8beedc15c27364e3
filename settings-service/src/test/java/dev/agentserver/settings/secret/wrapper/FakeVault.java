package dev.agentserver.settings.secret.wrapper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentserver.kit.config.Secret;
import dev.agentserver.settings.secret.AesGcm;
import dev.agentserver.settings.secret.Undecryptable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// Vault's transit engine as its documentation has it, with one key, as far as a [KeyWrapper]
/// needs it; and, on demand, out of order.
public final class FakeVault implements AutoCloseable {
  public static final String TOKEN = "hvs.a-token-of-these-tests";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /// How it behaves.
  public enum Mood {
    WELL,
    SILENT,
    SEALED,
    MALFORMED,
    ENDLESS,
    ELSEWHERE
  }

  private final String key;
  private final HttpServer server;
  private final SecureRandom random = new SecureRandom();
  private final TreeMap<Integer, AesGcm> versions = new TreeMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private int minDecryption = 1;
  private int minEncryption;
  private volatile Mood mood = Mood.WELL;
  private volatile String token = TOKEN;

  public FakeVault(String key) {
    this.key = key;
    rotate();
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/transit/", this::handle);
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// A client of it.
  public VaultTransit client() {
    return client(() -> new Secret(TOKEN));
  }

  VaultTransit client(Supplier<Secret> bearer) {
    return new VaultTransit(key, new VaultHttp(URI.create(address()), "transit", bearer, TIMEOUT));
  }

  public void be(Mood other) {
    mood = other;
  }

  /// Takes this token only from now on.
  void accept(String other) {
    token = other;
  }

  /// The paths that it was asked for.
  public List<String> asked() {
    return asked;
  }

  private synchronized int rotate() {
    var bytes = new byte[AesGcm.KEY_BYTES];
    random.nextBytes(bytes);
    var version = versions.isEmpty() ? 1 : versions.lastKey() + 1;
    versions.put(version, new AesGcm(bytes));
    return version;
  }

  private void handle(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath().substring("/v1/transit/".length());
    asked.add(path);
    var body = exchange.getRequestBody().readAllBytes();
    try (exchange) {
      switch (mood) {
        case SILENT -> awaitClose();
        case SEALED -> answer(exchange, 503, "{\"errors\":[\"Vault is sealed\"]}");
        case MALFORMED -> answer(exchange, 200, "{\"data\": {\"ciphertext\": 1, \"pl");
        case ENDLESS -> answer(exchange, 200, "[" + " ".repeat(1_000_000) + "]");
        case ELSEWHERE -> {
          exchange.getResponseHeaders().add("Location", address() + "/v1/transit/" + path);
          answer(exchange, 307, "");
        }
        case WELL -> {
          if (!token.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
            answer(exchange, 403, "{\"errors\":[\"permission denied\"]}");
            return;
          }
          serve(exchange, path, body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body));
        }
      }
    }
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void serve(HttpExchange exchange, String path, JsonNode asked)
      throws IOException {
    try {
      var reply = reply(exchange.getRequestMethod() + " " + path, asked);
      if (reply == null) {
        answer(exchange, 204, "");
      } else {
        answer(exchange, 200, JSON.createObjectNode().set("data", reply).toString());
      }
    } catch (IllegalArgumentException | Undecryptable refused) {
      answer(exchange, 400, "{\"errors\":[\"" + refused.getMessage() + "\"]}");
    }
  }

  private ObjectNode reply(String asked, JsonNode body) {
    if (asked.equals("POST encrypt/" + key)) {
      return ciphertext(plain(body.path("plaintext").textValue()));
    } else if (asked.equals("POST decrypt/" + key)) {
      var plain = decrypt(body.path("ciphertext").asText());
      return JSON.createObjectNode().put("plaintext", Base64.getEncoder().encodeToString(plain));
    } else if (asked.equals("POST rewrap/" + key)) {
      return ciphertext(decrypt(body.path("ciphertext").asText()));
    } else if (asked.equals("POST keys/" + key + "/rotate")) {
      rotate();
      return null;
    } else if (asked.equals("GET keys/" + key)) {
      return JSON.createObjectNode()
          .put("latest_version", versions.lastKey())
          .put("min_decryption_version", minDecryption);
    } else if (asked.equals("POST keys/" + key + "/config")) {
      configure(body);
      return null;
    } else if (asked.equals("POST keys/" + key + "/trim")) {
      trim(body.path("min_available_version").asInt());
      return null;
    }
    throw new IllegalArgumentException("no handler for " + asked);
  }

  private static byte[] plain(String text) {
    return Base64.getDecoder().decode(text);
  }

  private ObjectNode ciphertext(byte[] plain) {
    var version = versions.lastKey();
    var bytes = versions.get(version).encrypt(plain, "");
    return JSON.createObjectNode()
        .put("ciphertext", "vault:v" + version + ":" + Base64.getEncoder().encodeToString(bytes))
        .put("key_version", version);
  }

  private byte[] decrypt(String text) {
    var parts = text.split(":", 3);
    if (parts.length != 3 || !parts[0].equals("vault") || !parts[1].matches("v[0-9]+")) {
      throw new IllegalArgumentException("invalid ciphertext: no prefix");
    }
    var version = Integer.parseInt(parts[1].substring(1));
    if (version < minDecryption) {
      throw new IllegalArgumentException(
          "ciphertext or signature version is disallowed by policy (too old)");
    }
    if (!versions.containsKey(version)) {
      throw new IllegalArgumentException("invalid ciphertext: version is too new");
    }
    return versions.get(version).decrypt(plain(parts[2]), "");
  }

  private void configure(JsonNode body) {
    var decryption = body.path("min_decryption_version").asInt(minDecryption);
    if (decryption > versions.lastKey()) {
      throw new IllegalArgumentException("cannot set min decryption version beyond the latest");
    }
    minDecryption = decryption;
    minEncryption = body.path("min_encryption_version").asInt(minEncryption);
  }

  private void trim(int available) {
    if (minEncryption == 0) {
      throw new IllegalArgumentException(
          "minimum available version cannot be set when minimum encryption version is not set");
    }
    if (available > minDecryption || available > minEncryption) {
      throw new IllegalArgumentException(
          "minimum available version cannot be higher than minimum encryption or decryption version");
    }
    versions.headMap(available).clear();
  }

  synchronized List<Integer> versions() {
    return List.copyOf(versions.keySet());
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
