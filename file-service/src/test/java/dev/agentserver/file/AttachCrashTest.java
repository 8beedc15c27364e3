package dev.agentserver.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.file.link.AgentRunFacts;
import dev.agentserver.file.link.ConversationFacts;
import dev.agentserver.file.v1.AttachFileRequest;
import dev.agentserver.file.v1.DeleteFileRequest;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.outbox.FactHandler;
import dev.agentserver.kit.outbox.PulledFact;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A process dies at each step of attaching files, hearing of links and of their end. Another one
/// hears what was told again, sweeps once, and no link leads nowhere, no file that is used is gone
/// and none that is not is left.
class AttachCrashTest extends ServiceTest {
  /// What no handler catches.
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  /// Counts the steps, and is the end of the process at one of them.
  private static final class Steps {
    private final Harness process;
    private final int last;
    private int seen;

    Steps(Harness process, int last) {
      this.process = process;
      this.last = last;
    }

    void step() {
      seen++;
      if (seen == last) {
        process.store().die();
        process.kit().database().close();
      }
      if (seen >= last) {
        throw new Death();
      }
    }
  }

  @Test
  void afterADeathAtAnyStepNoLinkLeadsNowhereAndWhatIsUsedIsThere() {
    var steps = 0;
    while (dies(steps + 1)) {
      steps++;
    }
    // Each fact before, within and after; attaching, deleting and sweeping.
    assertThat(steps).isGreaterThanOrEqualTo(20);
  }

  /// Whether there was such a step.
  private boolean dies(int at) {
    var scene = new Scene();
    var died = false;
    try (var process = service.beside()) {
      var steps = new Steps(process, at);
      process.store().onStep(_ -> steps.step());
      try {
        scene.play(process, steps);
      } catch (StatusRuntimeException | Death end) {
        died = true;
      }
    }
    // What was told is kept until it is heard; what comes twice changes nothing.
    scene.told().forEach(fact -> service.apply(handler(fact), fact));
    service.sweep();
    assertOneTruth();
    scene.check();
    return died;
  }

  private FactHandler handler(PulledFact fact) {
    var learned = service.domain().learned();
    return fact.type().startsWith("artifact") || fact.type().startsWith("session")
        ? new AgentRunFacts(learned)
        : new ConversationFacts(learned);
  }

  /// A conversation with messages, and a session with an artifact.
  private final class Scene {
    private final UUID conversation = UUID.randomUUID();
    private final UUID session = service.agentRuns().of(alice.caller().principalId());
    private final UUID kept = UUID.randomUUID();
    private final UUID removed = UUID.randomUUID();
    private final File attached = upload("attached", File.Purpose.attachment);
    private final File forgotten = upload("forgotten", File.Purpose.attachment);
    private final File deleted = upload("deleted", File.Purpose.attachment);
    private final File artifact = upload("artifact", File.Purpose.artifact);
    private final File document = upload("document", File.Purpose.document);

    Scene() {
      service.conversations().writer(conversation, alice.caller().principalId());
    }

    /// What conversation-service and agent-run-service have committed is told, whoever dies here.
    List<PulledFact> told() {
      return List.of(
          attached(kept, attached),
          attached(removed, forgotten),
          attached(kept, deleted),
          fact("artifact.put", session, Map.of("file_id", artifact.getId(), "conversation_id", "")),
          fact("message.deleted", removed, Map.of()));
    }

    void play(Harness process, Steps steps) {
      var facts = told();
      for (var fact : facts.subList(0, 2)) {
        hear(process, steps, fact);
      }
      var ann = process.person(alice.caller());
      steps.step();
      ann.files()
          .attachFile(
              AttachFileRequest.newBuilder()
                  .setFileId(document.getId())
                  .setConversationId(conversation.toString())
                  .build());
      steps.step();
      ann.files().deleteFile(DeleteFileRequest.newBuilder().setFileId(deleted.getId()).build());
      for (var fact : facts.subList(2, facts.size())) {
        hear(process, steps, fact);
      }
      process.sweep();
    }

    /// Everything that a fact does is one transaction, with the note that it was heard.
    private void hear(Harness process, Steps steps, PulledFact fact) {
      steps.step();
      process.apply(
          (db, one) -> {
            handler(one).apply(db, one);
            steps.step();
          },
          fact);
      steps.step();
    }

    void check() {
      var dangling =
          service.column(
              "select file_id::text from file_link l where not exists (select from file f where f.tenant_id = l.tenant_id and f.file_id = l.file_id and f.state = 'READY')");
      assertThat(dangling).isEmpty();
      assertThat(uses(attached)).as("an acknowledged message").isEqualTo(1);
      assertThat(uses(artifact)).as("an acknowledged artifact").isEqualTo(1);
      assertThat(alice.text(attached)).startsWith("attached");
      assertThat(alice.text(artifact)).startsWith("artifact");
      assertThat(alice.text(document)).startsWith("document");
      assertThat(states(forgotten)).as("used by nothing").containsExactly("DELETED");
      if (states(deleted).equals(List.of("DELETED"))) {
        var news = "select 1 from outbox_fact where type = 'file.deleted' and subject_id = '%s'";
        assertThat(service.column(news.formatted(deleted.getId()))).isNotEmpty();
      } else {
        assertThat(uses(deleted)).isEqualTo(1);
      }
    }

    private List<String> states(File file) {
      return service.column("select state from file where file_id = '%s'".formatted(file.getId()));
    }

    private int uses(File file) {
      return service
          .column("select 1 from file_link where file_id = '%s'".formatted(file.getId()))
          .size();
    }

    private PulledFact attached(UUID message, File file) {
      return fact(
          "message.attached",
          message,
          Map.of("conversation_id", conversation.toString(), "file_ids", file.getId()));
    }

    private PulledFact fact(String type, UUID subject, Map<String, String> data) {
      return new PulledFact(
          UUID.randomUUID(), 1, TENANT, type, subject.toString(), data, Instant.EPOCH);
    }

    private File upload(String name, File.Purpose purpose) {
      var text = name + " " + conversation;
      return alice.upload(
          UploadHeader.newBuilder().setFilename(name).setPurpose(purpose),
          text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
