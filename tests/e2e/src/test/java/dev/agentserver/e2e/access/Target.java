package dev.agentserver.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.e2e.client.User;
import java.util.Map;

/// A conversation with one message, made for one call, and what its owner sees of it.
///
/// @param seen the owner's answer before the call
record Target(User owner, String conversation, String message, String seen) {
  static Target of(User owner, Rpc rpc) {
    var conversation = owner.conversation("before");
    var message = owner.message(conversation, "before");
    if (rpc.actsOnTheDeleted()) {
      owner.http().delete("/v1/conversations/" + conversation).expect(204);
    }
    return new Target(owner, conversation, message, look(owner, conversation));
  }

  private static String look(User owner, String conversation) {
    var reply = owner.http().get("/conversations/" + conversation);
    return reply.status() == 200 ? reply.body() : Integer.toString(reply.status());
  }

  Map<String, String> ids() {
    return Map.of("conversation", conversation, "message", message);
  }

  void assertUnchanged() {
    assertThat(look(owner, conversation)).isEqualTo(seen);
  }
}
