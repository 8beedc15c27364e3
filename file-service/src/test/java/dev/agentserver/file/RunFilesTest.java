package dev.agentserver.file;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.file.link.AgentRunFacts;
import dev.agentserver.file.link.ConversationFacts;
import dev.agentserver.file.v1.AttachFileRequest;
import dev.agentserver.file.v1.DetachFileRequest;
import dev.agentserver.file.v1.File;
import dev.agentserver.file.v1.ListFileLinksRequest;
import dev.agentserver.file.v1.UploadHeader;
import dev.agentserver.kit.identity.RunScope;
import dev.agentserver.kit.outbox.PulledFact;
import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What runs read and make, and what sessions and agents use.
class RunFilesTest extends ServiceTest {
  @Test
  void aRunReadsWhatIsUsedWhereItIsAndNothingElseThatItsUserHas() {
    var conversation = UUID.randomUUID();
    service.conversations().writer(conversation, alice.caller().principalId());
    var attached = alice.upload("a", "attached " + conversation);
    var own = alice.upload("b", "her own " + conversation);
    alice
        .files()
        .attachFile(
            AttachFileRequest.newBuilder()
                .setFileId(attached.getId())
                .setConversationId(conversation.toString())
                .build());
    var run = run(conversation, null);
    assertThat(run.text(attached)).isEqualTo("attached " + conversation);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> run.get(own.getId()));
    var elsewhere = run(UUID.randomUUID(), null);
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> elsewhere.get(attached.getId()));
  }

  @Test
  void aRunMakesArtifactsThatAreUsedByItsSessionFromTheBeginning() {
    var conversation = UUID.randomUUID();
    service.conversations().reader(conversation, bob.caller().principalId());
    var session = service.agentRuns().of(alice.caller().principalId());
    var run = run(conversation, session);
    var made = upload(run, File.Purpose.artifact, "made " + session);
    assertThat(made.getOwnerId()).isEqualTo(alice.caller().principalId().toString());
    assertThat(run.text(made)).isEqualTo("made " + session);
    assertThat(bob.text(made)).as("a member of the conversation").isEqualTo("made " + session);
    var links =
        alice
            .files()
            .listFileLinks(ListFileLinksRequest.newBuilder().setFileId(made.getId()).build());
    assertThat(links.getLinksList())
        .singleElement()
        .satisfies(link -> assertThat(link.getSessionId()).isEqualTo(session.toString()))
        .satisfies(link -> assertThat(link.getConversationId()).isEqualTo(conversation.toString()));
    tell("session.deleted", session, Map.of());
    service.sweep();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> alice.get(made.getId()));
    assertOneTruth();
  }

  @Test
  void aRunUploadsNothingButArtifactsAndOnlyWhereItIsSomewhere() {
    var session = service.agentRuns().of(alice.caller().principalId());
    var run = run(null, session);
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> upload(run, File.Purpose.document, "no"));
    var nowhere = run(null, null);
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> upload(nowhere, File.Purpose.artifact, "no"));
  }

  @Test
  void aRunDoesNotTakeTheIdOfAFileOfItsUser() {
    var file = alice.upload("c", "c");
    var run = run(UUID.randomUUID(), null);
    assertProblem(
        Code.ALREADY_EXISTS,
        "ALREADY_EXISTS",
        () ->
            run.upload(
                UploadHeader.newBuilder().setFileId(file.getId()).setPurpose(File.Purpose.artifact),
                "c".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void anArtifactGoesWithItsLastRevision() {
    var session = service.agentRuns().of(alice.caller().principalId());
    var other = service.agentRuns().of(bob.caller().principalId());
    var file = upload(alice, File.Purpose.artifact, "put " + session);
    put(session, file, "");
    put(session, file, "");
    put(other, file, "");
    assertThat(bob.text(file)).isEqualTo("put " + session);
    tell("artifact.dropped", other, Map.of("file_id", file.getId()));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> bob.get(file.getId()));
    service.sweep();
    assertThat(alice.text(file)).isEqualTo("put " + session);
    tell("artifact.dropped", session, Map.of("file_id", file.getId()));
    service.sweep();
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> alice.get(file.getId()));
  }

  @Test
  void anArtifactOutlivesTheConversationAndADocumentItsAgent() {
    var conversation = UUID.randomUUID();
    var session = service.agentRuns().of(alice.caller().principalId());
    var file = upload(alice, File.Purpose.artifact, "outlives " + session);
    put(session, file, conversation.toString());
    service.apply(
        new ConversationFacts(service.domain().learned()),
        new PulledFact(
            UUID.randomUUID(),
            1,
            TENANT,
            "conversation.purged",
            conversation.toString(),
            Map.of(),
            Instant.now()));
    service.sweep();
    assertThat(alice.text(file)).isEqualTo("outlives " + session);
    var agent = service.agentRuns().of(alice.caller().principalId());
    var document = upload(alice, File.Purpose.document, "of " + agent);
    var use =
        AttachFileRequest.newBuilder().setFileId(document.getId()).setAgentId(agent.toString());
    alice.files().attachFile(use.build());
    assertThat(links(document)).isEqualTo(1);
    tell("agent.deleted", agent, Map.of());
    service.sweep();
    assertThat(links(document)).isZero();
    assertThat(alice.text(document)).isEqualTo("of " + agent);
    alice.files().attachFile(use.build());
    alice
        .files()
        .detachFile(
            DetachFileRequest.newBuilder()
                .setFileId(document.getId())
                .setAgentId(agent.toString())
                .build());
    assertThat(links(document)).isZero();
  }

  @Test
  void nobodyAttachesToAnAgentOfSomebodyElsesNorToNothing() {
    var file = alice.upload("d", "d");
    var agent = service.agentRuns().of(bob.caller().principalId());
    var use = AttachFileRequest.newBuilder().setFileId(file.getId());
    assertProblem(
            Code.NOT_FOUND,
            "NOT_FOUND",
            () -> alice.files().attachFile(use.clone().setAgentId(agent.toString()).build()))
        .containsEntry("resource", "agent");
    assertProblem(
            Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> alice.files().attachFile(use.build()))
        .field("conversation_id");
  }

  private int links(File file) {
    return alice
        .files()
        .listFileLinks(ListFileLinksRequest.newBuilder().setFileId(file.getId()).build())
        .getLinksCount();
  }

  private void put(UUID session, File file, String conversation) {
    tell("artifact.put", session, Map.of("file_id", file.getId(), "conversation_id", conversation));
  }

  private void tell(String type, UUID subject, Map<String, String> data) {
    var fact =
        new PulledFact(UUID.randomUUID(), 1, TENANT, type, subject.toString(), data, Instant.now());
    service.apply(new AgentRunFacts(service.domain().learned()), fact);
  }

  private static File upload(Person person, File.Purpose purpose, String text) {
    return person.upload(
        UploadHeader.newBuilder().setPurpose(purpose), text.getBytes(StandardCharsets.UTF_8));
  }

  private Person run(@Nullable UUID conversation, @Nullable UUID session) {
    var caller = alice.caller();
    return service.person(
        caller.within(
            new RunScope(UUID.randomUUID(), conversation, session, 1), caller.permissions()));
  }
}
