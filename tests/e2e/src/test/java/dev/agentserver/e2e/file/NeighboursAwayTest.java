package dev.agentserver.e2e.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.v1.Attachment;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.e2e.client.Await;
import dev.agentserver.e2e.client.Failure;
import dev.agentserver.e2e.client.Grpc;
import dev.agentserver.e2e.client.Json;
import dev.agentserver.e2e.client.User;
import dev.agentserver.e2e.server.FreePort;
import dev.agentserver.e2e.server.Frozen;
import dev.agentserver.e2e.server.Separate;
import dev.agentserver.e2e.server.Server;
import dev.agentserver.e2e.server.Service;
import dev.agentserver.e2e.server.SharedServer;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.FileServiceGrpc;
import dev.agentserver.file.v1.GetFileRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// conversation-service and file-service in processes of their own, each without the other for a
/// while: what needs the other is refused so, and everything else goes on.
@ExtendWith(SharedServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NeighboursAwayTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final User ann;
  private final User bob;
  private final Service files;
  private final Service conversations;

  NeighboursAwayTest(Server server) {
    this.ann = User.member(server);
    this.bob = User.member(server);
    this.files = Separate.files(server, FreePort.find(), "128m");
    this.conversations = Separate.conversations(server, files);
  }

  @BeforeAll
  void start() {
    files.start();
    conversations.start();
    files.awaitReady();
    conversations.awaitReady();
  }

  @AfterAll
  void stop() {
    files.close();
    conversations.close();
  }

  @Test
  void eachIsRefusedWhatItNeedsTheOtherForAndNothingElse() {
    var conversation = ann.conversation("with a file");
    var file = ann.upload("/v1/files", "a.txt", "the file");
    var id = bob.http().get("/v1/users/me").expect(200).json().path("user").path("id").asText();
    var viewer = Json.object().put("user_id", id).put("role", "ROLE_VIEWER");
    ann.http().post("/v1/conversations/" + conversation + "/members", viewer).expect(201);
    assertThat(say(conversation, file).getAttachments(0).getName()).isEqualTo("a.txt");
    assertThat(read(bob, file).getFilename()).isEqualTo("a.txt");

    try (var _ = Frozen.of(files.process())) {
      assertAway(Grpc.failure(() -> say(conversation, file)), "file-service");
      assertThat(say(conversation, "").getContent()).isEqualTo("see");
    }
    Await.until("file-service answers again", LIMIT, () -> works(() -> say(conversation, file)));

    // It is remembered for a moment that bob may.
    var other = ann.upload("/v1/files", "b.txt", "another file");
    say(conversation, other);
    conversations.kill();
    assertAway(Grpc.failure(() -> read(bob, other)), "conversation-service");
    assertThat(read(ann, other).getFilename()).isEqualTo("b.txt");
    conversations.start();
    Await.until("conversation-service answers again", LIMIT, () -> works(() -> read(bob, other)));
  }

  private static void assertAway(Failure refused, String who) {
    assertThat(refused.code()).isEqualTo(Code.UNAVAILABLE.value());
    assertThat(refused.metadata()).containsEntry("dependency", who);
  }

  private static boolean works(Runnable call) {
    try {
      call.run();
      return true;
    } catch (StatusRuntimeException away) {
      assertThat(away.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
      return false;
    }
  }

  /// @param file empty: none
  private Message say(String conversation, String file) {
    var draft =
        CreateMessageRequest.newBuilder()
            .setConversationId(conversation)
            .setRole(Message.Role.user)
            .setContent("see");
    if (!file.isEmpty()) {
      draft.addAttachments(Attachment.newBuilder().setFileId(file));
    }
    return Grpc.anonymous(conversations.url())
        .bearer(ann.token())
        .messages()
        .createMessage(draft.build());
  }

  private File read(User user, String file) {
    return Grpc.anonymous(files.url())
        .bearer(user.token())
        .call(
            FileServiceGrpc.getGetFileMethod(),
            GetFileRequest.newBuilder().setFileId(file).build());
  }
}
