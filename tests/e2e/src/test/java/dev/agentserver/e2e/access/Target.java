package dev.agentserver.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentserver.e2e.client.User;
import java.util.Map;
import java.util.UUID;

/// A conversation with one message, made for one call, and what its owner sees of it.
///
/// @param user a user other than the owner, a member where the call is about one
/// @param writer the message's writer; 0: it is whole
/// @param seen the owner's answer before the call
record Target(
    User owner, String conversation, String message, String user, long writer, String seen) {
  static Target of(User owner, Rpc rpc) {
    var conversation = owner.conversation("before");
    var begun = rpc.writesOn() ? begin(owner, conversation) : null;
    var message =
        begun == null
            ? owner.message(conversation, "before")
            : begun.path("message").path("id").asText();
    var writer = begun == null ? 0 : begun.path("writer_epoch").asLong();
    var user = UUID.randomUUID().toString();
    if (rpc.actsOnAMember()) {
      owner
          .http()
          .post(
              "/v1/conversations/" + conversation + "/members",
              "{\"user_id\": \"" + user + "\", \"role\": \"ROLE_VIEWER\"}")
          .expect(201);
    }
    if (rpc.actsOnTheDeleted()) {
      owner.http().delete("/v1/conversations/" + conversation).expect(204);
    }
    return new Target(owner, conversation, message, user, writer, look(owner, conversation));
  }

  /// A message that is being written.
  private static JsonNode begin(User owner, String conversation) {
    return owner.http().post(User.messages(conversation) + ":begin", "{}").expect(201).json();
  }

  private static String look(User owner, String conversation) {
    var reply = owner.http().get("/conversations/" + conversation);
    return reply.status() == 200 ? reply.body() : Integer.toString(reply.status());
  }

  Map<String, String> ids() {
    return Map.of(
        "conversation",
        conversation,
        "message",
        message,
        "user",
        user,
        "share_link",
        user,
        "file",
        UUID.randomUUID().toString(),
        "writer",
        Long.toString(writer));
  }

  void assertUnchanged() {
    assertThat(look(owner, conversation)).isEqualTo(seen);
  }
}
