package dev.agentserver.e2e.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.AcquireRunRequest;
import dev.agentserver.agentrun.v1.WorkerServiceGrpc;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.Database;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.SharedServer;
import dev.agentserver.e2e.server.Verification;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What runs and sessions refer to is there, or they refer to it no more.
@ExtendWith(SharedServer.class)
class LinksTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Server server;

  LinksTest(Server server) {
    this.server = server;
  }

  @Test
  void nothingRefersToAConversationThatIsDeleted() {
    var ann = User.member(server);
    var conversation = ann.conversation("a trip");
    var queue = "q" + UUID.randomUUID();
    var agent = made(ann, "/v1/agents", "{\"name\": \"guide\"}");
    var wanted = "{\"agent_id\": \"%s\", \"queue\": \"%s\"}".formatted(agent, queue);
    var runs = "/v1/conversations/" + conversation + "/runs";
    User.member(server).http().post(runs, wanted).expect(404);
    var run = made(ann, runs, wanted);
    var lease =
        User.owner(server, 1)
            .grpc()
            .call(
                WorkerServiceGrpc.getAcquireRunMethod(),
                AcquireRunRequest.newBuilder().addQueues(queue).setRequestId(queue).build())
            .getLease();
    assertThat(lease.getRun().getId()).isEqualTo(run);
    made(ann, "/v1/sessions", "{\"conversation_id\": \"%s\"}".formatted(conversation));
    ann.http().delete("/v1/conversations/" + conversation).expect(204);
    Await.until(
        "the run has ended with its conversation",
        SOON,
        () ->
            ann.http()
                .get("/v1/runs/" + run)
                .expect(200)
                .json()
                .path("state")
                .asText()
                .equals("STATE_CANCELLED"));
    ann.http().post(runs, wanted).expect(404);
    // Others may be at it just now.
    Await.until("no link leads nowhere", SOON, () -> Verification.of(server).code() == 0);

    var database = Database.of(server);
    database.run(
        "update agent_run.run set output_message_id = '%s' where run_id = '%s'"
            .formatted(UUID.randomUUID(), run));
    var found = Verification.of(server);
    assertThat(found.code()).isEqualTo(1);
    assertThat(found.output().text()).containsPattern("run.output_message_id +1");
    database.run(
        "update agent_run.run set output_message_id = null where run_id = '%s'".formatted(run));
    var message = ann.message(ann.conversation("another trip"), "Where to?");
    var named = "update conversation.message set run_id = %s where message_id = '" + message + "'";
    database.run(named.formatted("message_id"));
    found = Verification.of(server);
    assertThat(found.code()).isEqualTo(1);
    assertThat(found.output().text()).containsPattern("message.run_id +1");
    database.run(named.formatted("null"));
  }

  @Test
  void whoOnlyReadsAConversationBeginsNoRunThere() {
    var ann = User.member(server);
    var bob = User.member(server);
    var conversation = ann.conversation("a trip");
    var id = bob.http().get("/v1/users/me").expect(200).json().path("user").path("id").asText();
    var agent = made(bob, "/v1/agents", "{\"name\": \"guide\"}");
    for (var role : new String[] {"VIEWER", "EDITOR"}) {
      Database.of(server)
          .run(
              """
              insert into conversation.conversation_member (tenant_id, conversation_id, user_id, role, last_activity_at, changed_at)
              select tenant_id, conversation_id, '%s', '%s', now(), now()
              from conversation.conversation_member where conversation_id = '%s' and user_id <> '%1$s'
              on conflict (tenant_id, conversation_id, user_id) do update set role = excluded.role
              """
                  .formatted(id, role, conversation));
      bob.http().get("/v1/conversations/" + conversation).expect(200);
      bob.http()
          .post(
              "/v1/conversations/" + conversation + "/runs",
              "{\"agent_id\": \"%s\", \"queue\": \"%s\"}".formatted(agent, UUID.randomUUID()))
          .expect(role.equals("EDITOR") ? 201 : 404);
    }
  }

  private static String made(User user, String path, String body) {
    var reply = user.http().post(path, body).expect(201).json();
    return (reply.has("run") ? reply.path("run") : reply).path("id").asText();
  }
}
