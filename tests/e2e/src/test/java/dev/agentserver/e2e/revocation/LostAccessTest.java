package dev.agentserver.e2e.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.v1.End.Reason;
import dev.agentserver.conversation.v1.GetConversationRequest;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Grpc;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.Together;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Database;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Whoever loses access loses it everywhere: through the gateway and at the service itself, by REST
/// and by gRPC, with calls and with streams that are open.
///
/// The documents promise 15 s for calls, and the next heartbeat, every 15 s, for streams. What it
/// took is printed; the test itself waits for longer, because a busy machine breaks no promise.
@ExtendWith(SharedServer.class)
class LostAccessTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final Server server;
  private final User owner;
  private final Database database;

  LostAccessTest(Server server) {
    this.server = server;
    this.owner = User.owner(server, 1);
    this.database = Database.of(server);
  }

  /// Somebody with a conversation they can read, and how they lose it.
  private record Loss(String name, User user, String conversation, Runnable taken) {}

  @Test
  void whoeverLosesAccessLosesItEverywhere() {
    var losses = List.of(revokedKey(), suspendedUser(), removedUser(), removedMember());
    Together.run(losses.size(), i -> lose(losses.get(i)));
  }

  private Void lose(Loss loss) {
    var user = loss.user();
    var conversation = loss.conversation();
    var direct = Grpc.anonymous(server.service("conversation-service")).bearer(loss.user().token());
    var streams =
        List.of(
            Reading.bySse(user.http(), conversation),
            Reading.byGrpc(user.grpc(), conversation),
            Reading.byGrpc(direct, conversation));
    streams.forEach(Reading::awaitOpen);
    assertThat(rest(loss)).as(loss.name()).isTrue();
    assertThat(grpc(direct, conversation)).as(loss.name()).isTrue();

    loss.taken().run();

    var rest = Await.until(loss.name() + ", REST", LIMIT, () -> !rest(loss));
    var grpc = Await.until(loss.name() + ", gRPC", LIMIT, () -> !grpc(direct, conversation));
    var ended =
        Await.until(
            loss.name() + ", streams", LIMIT, () -> streams.stream().noneMatch(Reading::isOpen));
    for (var stream : streams) {
      assertThat(stream.awaitEnd(LIMIT).getEnd().getReason())
          .as(loss.name())
          .isEqualTo(Reason.REASON_REVOKED);
    }
    System.out.printf(
        "%s: refused by REST after %d ms, by gRPC %d ms later, streams ended %d ms later%n",
        loss.name(), rest.toMillis(), grpc.toMillis(), ended.toMillis());
    return null;
  }

  private static boolean rest(Loss loss) {
    var status = loss.user().http().get("/v1/conversations/" + loss.conversation()).status();
    assertThat(status).as(loss.name()).isIn(200, 401, 404);
    return status == 200;
  }

  private static boolean grpc(Grpc grpc, String conversation) {
    try {
      grpc.conversations()
          .getConversation(
              GetConversationRequest.newBuilder().setConversationId(conversation).build());
      return true;
    } catch (StatusRuntimeException refused) {
      assertThat(refused.getStatus().getCode().name()).isIn("UNAUTHENTICATED", "NOT_FOUND");
      return false;
    }
  }

  private Loss revokedKey() {
    var made =
        owner
            .http()
            .post("/v1/api-keys", Json.object().put("name", "to be revoked"))
            .expect(201)
            .json();
    var user = User.bearing(server, made.path("secret").asText());
    var revoke = "/v1/api-keys/" + made.path("key").path("id").asText() + ":revoke";
    return new Loss(
        "a revoked key",
        user,
        user.conversation("by key"),
        () -> owner.http().post(revoke, "{}").expect(200));
  }

  private Loss suspendedUser() {
    var user = User.member(server);
    var path = "/v1/users/" + id(user);
    return new Loss(
        "a suspended user",
        user,
        user.conversation("suspended"),
        () -> owner.http().patch(path, "{\"state\":\"STATE_SUSPENDED\"}").expect(200));
  }

  /// Somebody else edits the conversation, so that it stays when its owner is erased.
  private Loss removedUser() {
    var user = User.member(server);
    var path = "/v1/users/" + id(user);
    var conversation = user.conversation("removed");
    join(conversation, id(owner), "EDITOR");
    return new Loss(
        "a user removed from the tenant",
        user,
        conversation,
        () -> owner.http().delete(path).expect(202));
  }

  /// No call takes membership away yet, so the row goes as a call would make it go.
  private Loss removedMember() {
    var user = User.member(server);
    var conversation = owner.conversation("shared");
    var key = "conversation_id = '" + conversation + "' and user_id = '" + id(user) + "'";
    join(conversation, id(user), "VIEWER");
    return new Loss(
        "a removed member",
        user,
        conversation,
        () -> database.run("delete from conversation.conversation_member where " + key));
  }

  private void join(String conversation, String user, String role) {
    database.run(
        """
        insert into conversation.conversation_member (tenant_id, conversation_id, user_id, role, last_activity_at, changed_at)
        select tenant_id, conversation_id, '%s', '%s', now(), now()
        from conversation.conversation_member where conversation_id = '%s'
        """
            .formatted(user, role, conversation));
  }

  private static String id(User user) {
    return user.http().get("/v1/users/me").expect(200).json().path("user").path("id").asText();
  }
}
