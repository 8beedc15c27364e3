package dev.agentserver.e2e.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Each service in a process of its own, on the database and with the secrets of a server that runs
/// beside them: its settings-service is a replica of the one here, and of no use to the others.
public final class Separate implements AutoCloseable {
  private final Service settings;
  private final Service conversation;
  private final Service gateway;

  /// @param ofSettings more variables of settings-service
  /// @param ofOthers more variables of the processes that ask it
  public Separate(Server server, Map<String, String> ofSettings, Map<String, String> ofOthers) {
    var own = new HashMap<>(database(server, "settings"));
    own.putAll(ofSettings);
    own.put("SETTINGS_KEY", secret(server, "settings-key"));
    own.put("KEYSET_FILE", server.data().resolve("settings-keyset.json").toString());
    own.put("KEY_PEPPER", secret(server, "key-pepper"));
    settings = new Service("dev.agentserver.settings.Main", own);
    var access = new HashMap<>(ofOthers);
    access.put("ACCESS_TARGET", settings.target());
    access.put("SERVICE_CREDENTIAL", secret(server, "service-credential"));
    own = new HashMap<>(database(server, "conversation"));
    own.putAll(access);
    conversation = new Service("dev.agentserver.conversation.Main", own);
    own = new HashMap<>(access);
    own.put(
        "UPSTREAMS",
        "agentserver.conversation.v1=%s;agentserver.settings.v1=%s"
            .formatted(conversation.target(), settings.target()));
    gateway = new Service("dev.agentserver.gateway.Main", own);
  }

  /// file-service in a process of its own, beside the one of the server.
  ///
  /// @param httpPort where its HTTP doors are
  /// @param heap the most memory of its heap, as `-Xmx` has it
  public static Service files(Server server, int httpPort, String heap) {
    var own = new HashMap<>(database(server, "file"));
    own.put("HTTP_PORT", Integer.toString(httpPort));
    own.put("ACCESS_TARGET", "static:" + server.service("settings-service").getAuthority());
    own.put("FILE_S3_ENDPOINT", server.endpoints().path("objects").asText());
    own.put("FILE_S3_ACCESS_KEY", "agentserver");
    own.put("FILE_S3_SECRET_KEY", secret(server, "objects-key"));
    return new Service("dev.agentserver.file.Main", heap, own);
  }

  /// conversation-service in a process of its own, beside the one of the server. It and this
  /// file-service, which is still to be started, ask each other.
  public static Service conversations(Server server, Service files) {
    var own = new HashMap<>(database(server, "conversation"));
    own.put("ACCESS_TARGET", "static:" + server.service("settings-service").getAuthority());
    own.put("FILE_TARGET", files.target());
    var conversations = new Service("dev.agentserver.conversation.Main", own);
    files.tell("CONVERSATION_TARGET", conversations.target());
    return conversations;
  }

  private static Map<String, String> database(Server server, String schema) {
    return Map.of(
        "DB_URL", server.endpoints().path("postgres").asText(),
        "DB_PASSWORD", password(server, schema + "_runtime"),
        "DB_OWNER_PASSWORD", password(server, schema + "_owner"),
        "DB_POOL_SIZE", "4");
  }

  /// As `./run` makes them of the administrator's.
  private static String password(Server server, String role) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(bytes(secret(server, "postgres/superuser-password")), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(bytes(role)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String secret(Server server, String file) {
    try {
      return Files.readString(server.data().resolve(file)).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Starts all of them at once, and waits for all.
  public void start() {
    for (var each : new Service[] {gateway, conversation, settings}) {
      each.start();
    }
    for (var each : new Service[] {settings, conversation, gateway}) {
      each.awaitReady();
    }
  }

  public Service settings() {
    return settings;
  }

  public Service conversation() {
    return conversation;
  }

  public Service gateway() {
    return gateway;
  }

  @Override
  public void close() {
    gateway.close();
    conversation.close();
    settings.close();
  }
}
