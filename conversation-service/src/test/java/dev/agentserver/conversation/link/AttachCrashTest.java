package dev.agentserver.conversation.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.conversation.Person;
import dev.agentserver.conversation.ServiceTest;
import dev.agentserver.conversation.v1.Attachment;
import dev.agentserver.conversation.v1.Conversation;
import dev.agentserver.conversation.v1.CreateMessageRequest;
import dev.agentserver.conversation.v1.DeleteMessageRequest;
import dev.agentserver.conversation.v1.FilePart;
import dev.agentserver.conversation.v1.Message;
import dev.agentserver.conversation.v1.Part;
import dev.agentserver.kit.test.Await;
import dev.agentserver.kit.test.CutOff;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A process dies at each step of writing a message that names files, and of deleting one: before
/// and after file-service is asked, before each statement and after it, before the commit and after
/// it. Whatever is there then, file-service is told of; and whoever sends the same again gets it
/// once.
class AttachCrashTest extends ServiceTest {
  /// What no handler catches.
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death() {
      super("the process died", null, false, false);
    }
  }

  /// Counts the steps, and is the end of the process at one of them.
  private static final class Steps {
    private final CutOff way;
    private final int last;
    private final AtomicInteger seen = new AtomicInteger();

    Steps(CutOff way, int last) {
      this.way = way;
      this.last = last;
    }

    boolean goesOn() {
      if (seen.incrementAndGet() == last) {
        way.cut();
      }
      return seen.get() < last;
    }

    void step() {
      if (!goesOn()) {
        throw new Death();
      }
    }
  }

  @Test
  void afterADeathAtAnyStepMessageAndFactAreThereOrNeitherIs() {
    var steps = 0;
    while (dies(steps + 1)) {
      steps++;
    }
    // Asking and each statement of two transactions, before and after.
    assertThat(steps).isGreaterThanOrEqualTo(30);
  }

  /// Whether there was such a step.
  private boolean dies(int at) {
    var scene = new Scene();
    var died = false;
    try (var way = new CutOff(service.database().config())) {
      var steps = new Steps(way, at);
      FilePeer asked =
          ids -> {
            steps.step();
            var found = service.files().find(ids);
            steps.step();
            return found;
          };
      try (var process = service.besideBy(way.config(), asked)) {
        way.watch(new CutOff.Steps(scene.request, steps::goesOn));
        scene.play(process.person(alice.caller()));
      } catch (StatusRuntimeException end) {
        died = true;
      }
    }
    scene.check();
    scene.play(alice);
    scene.checkWhole();
    return died;
  }

  /// A conversation with one message that is to go, and one to come.
  private final class Scene {
    private final String request = "dies-" + UUID.randomUUID();
    private final Conversation conversation = conversation(alice);
    private final Attachment beside = service.files().uploaded("a.txt", "text/plain", 1);
    private final Attachment inside = service.files().uploaded("b.png", "image/png", 1);
    private final Message old = alice.messages().createMessage(message().build());
    private String created = "";
    private boolean deleted;

    private CreateMessageRequest.Builder message() {
      return draft(conversation, "").addAttachments(beside);
    }

    void play(Person writer) {
      var file = FilePart.newBuilder().setFileId(inside.getFileId());
      created =
          writer
              .messages()
              .createMessage(
                  message()
                      .addParts(Part.newBuilder().setFile(file))
                      .setRequestId(request + "-create")
                      .build())
              .getId();
      writer
          .messages()
          .deleteMessage(
              DeleteMessageRequest.newBuilder()
                  .setMessageId(old.getId())
                  .setRequestId(request + "-delete")
                  .build());
      deleted = true;
    }

    void check() {
      var written = others("message");
      assertThat(written).hasSizeLessThan(2);
      assertThat(facts("message.attached")).isEqualTo(written);
      assertThat(others("message_attachment")).isEqualTo(written);
      if (!created.isEmpty()) {
        assertThat(written).as("what was acknowledged").containsExactly(created);
      }
      var redacted =
          service.column(
              "select message_id from message where state = 'REDACTED' and message_id = '%s'"
                  .formatted(old.getId()));
      assertThat(facts("message.deleted")).isEqualTo(redacted);
      if (deleted) {
        assertThat(redacted).as("what was acknowledged").isNotEmpty();
      }
      Await.until("what is there is told, by whoever lives", () -> untold().isEmpty());
    }

    void checkWhole() {
      check();
      assertThat(others("message")).containsExactly(created);
      assertThat(facts("message.deleted")).containsExactly(old.getId());
      assertThat(
              service.column(
                  "select data ->> 'file_ids' from outbox_fact where subject_id = '%s'"
                      .formatted(created)))
          .containsExactly(beside.getFileId() + "," + inside.getFileId());
    }

    /// The messages of the conversation, but the old one, that have a row in a table.
    private List<String> others(String table) {
      return service.column(
          "select message_id from %s where message_id <> '%s' and message_id in (select message_id from message where conversation_id = '%s')"
              .formatted(table, old.getId(), conversation.getId()));
    }

    private List<String> facts(String type) {
      return service.column(
          "select subject_id from outbox_fact where type = '%s' and %s"
              .formatted(
                  type,
                  type.equals("message.deleted")
                      ? "subject_id = '%s'".formatted(old.getId())
                      : "data ->> 'conversation_id' = '%s' and subject_id <> '%s'"
                          .formatted(conversation.getId(), old.getId())));
    }

    /// Facts that have no place in the order yet, so that nobody hears of them.
    private List<String> untold() {
      return service.column("select 1 from outbox_fact where position is null");
    }
  }
}
