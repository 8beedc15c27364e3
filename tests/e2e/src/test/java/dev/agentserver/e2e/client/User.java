package dev.agentserver.e2e.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentserver.e2e.server.Server;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// Somebody who calls: a credential, and the two ways to use it.
public record User(Http http, Grpc grpc, String token) {
  private static final AtomicInteger SEEN = new AtomicInteger();

  /// A caller without a credential.
  public static User anonymous(Server server) {
    return new User(new Http(server.url()), Grpc.anonymous(server.url()), "");
  }

  public static User bearing(Server server, String credential) {
    var anonymous = anonymous(server);
    return new User(
        anonymous.http.bearer(credential), anonymous.grpc.bearer(credential), credential);
  }

  /// The owner of the first or second tenant, by the tenant's development key.
  public static User owner(Server server, int tenant) {
    return bearing(server, server.key(tenant));
  }

  /// A member of the first tenant whom nobody has seen before.
  public static User member(Server server) {
    return of(server, 1, "member-" + UUID.randomUUID());
  }

  /// A user of an application, as the application signs it in.
  public static User of(Server server, int tenant, String subject, String... roles) {
    var request = Json.object().put("api_key", server.key(tenant));
    var user = request.putObject("on_behalf_of").put("external_subject", subject);
    user.put("name", "User " + SEEN.incrementAndGet());
    List.of(roles).forEach(user.withArray("roles")::add);
    var reply = new Http(server.url()).post("/v1/tokens:exchange", request).expect(200);
    return bearing(server, reply.json().path("access_token").asText());
  }

  /// A new conversation of this user.
  public String conversation(String title) {
    var body = Json.object().put("title", title);
    return http.post("/v1/conversations", body).expect(201).json().path("id").asText();
  }

  /// A new message of this user.
  public String message(String conversation, String text) {
    return http.post(messages(conversation), draft("user", text))
        .expect(201)
        .json()
        .path("id")
        .asText();
  }

  /// Uploads a file, and returns its id.
  public String upload(String path, String filename, String content) {
    return uploaded(path, filename, content).path("file_id").asText();
  }

  /// The same, and all that is answered.
  public JsonNode uploaded(String path, String filename, String content) {
    var form =
        "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: text/plain\r\n\r\n%s\r\n--X--\r\n"
            .formatted(filename, content);
    return http.with("Content-Type", "multipart/form-data; boundary=X")
        .send("POST", path, form.getBytes(StandardCharsets.UTF_8))
        .expect(201)
        .json();
  }

  public static String messages(String conversation) {
    return "/v1/conversations/" + conversation + "/messages";
  }

  public static ObjectNode draft(String role, String text) {
    return Json.object().put("role", role).put("content", text);
  }
}
