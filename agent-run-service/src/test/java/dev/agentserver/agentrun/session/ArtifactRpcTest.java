package dev.agentserver.agentrun.session;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.agentrun.v1.Artifact;
import dev.agentserver.agentrun.v1.Checkpoint;
import dev.agentserver.agentrun.v1.CompleteCheckpointRequest;
import dev.agentserver.agentrun.v1.CreateCheckpointRequest;
import dev.agentserver.agentrun.v1.DeleteCheckpointRequest;
import dev.agentserver.agentrun.v1.GetArtifactRequest;
import dev.agentserver.agentrun.v1.GetSessionStateRequest;
import dev.agentserver.agentrun.v1.ListArtifactRevisionsRequest;
import dev.agentserver.agentrun.v1.ListArtifactsRequest;
import dev.agentserver.agentrun.v1.ListCheckpointsRequest;
import dev.agentserver.agentrun.v1.Phase;
import dev.agentserver.agentrun.v1.PutArtifactRequest;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.Session.Type;
import dev.agentserver.agentrun.v1.SessionFile;
import dev.agentserver.agentrun.v1.SessionState;
import dev.agentserver.agentrun.v1.SyncArtifactsRequest;
import dev.agentserver.agentrun.v1.SyncArtifactsResponse;
import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArtifactRpcTest extends Scenes {
  private Artifact put(Session session, String key, String content) {
    return alice
        .artifacts()
        .putArtifact(
            PutArtifactRequest.newBuilder()
                .setSessionId(session.getId())
                .setKey(key)
                .setContent(content)
                .build());
  }

  private Artifact get(Session session, String key, int revision) {
    return alice
        .artifacts()
        .getArtifact(
            GetArtifactRequest.newBuilder()
                .setSessionId(session.getSlug())
                .setKey(key)
                .setRevision(revision)
                .build());
  }

  @Test
  void whatIsSaidAgainIsNoNewRevision() {
    var session = create(alice, Type.TYPE_FULL);
    var first = put(session, "spec", "# one");
    assertThat(first.getRevision()).isEqualTo(1);
    assertThat(first.getMediaType()).isEqualTo("text/markdown");
    assertThat(put(session, "spec", "# one")).isEqualTo(first);
    var second = put(session, "spec", "# two");
    assertThat(second.getRevision()).isEqualTo(2);
    assertThat(second.getEtag()).isNotEqualTo(first.getEtag());
    assertThat(get(session, "spec", 0).getContent()).isEqualTo("# two");
    assertThat(get(session, "spec", 1).getContent()).isEqualTo("# one");
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(session, "spec", 3));
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(session, "plan", 0));
    for (var n = 3; n <= 103; n++) {
      put(session, "spec", "# " + n);
    }
    assertProblem(Code.NOT_FOUND, "NOT_FOUND", () -> get(session, "spec", 3));
    var page =
        alice
            .artifacts()
            .listArtifactRevisions(
                ListArtifactRevisionsRequest.newBuilder()
                    .setSessionId(session.getId())
                    .setKey("spec")
                    .setPageSize(60)
                    .build());
    var rest =
        alice
            .artifacts()
            .listArtifactRevisions(
                ListArtifactRevisionsRequest.newBuilder()
                    .setSessionId(session.getId())
                    .setKey("spec")
                    .setPageSize(60)
                    .setPageToken(page.getNextPageToken())
                    .build());
    assertThat(page.getRevisions(0).getRevision()).isEqualTo(103);
    assertThat(rest.getRevisionsList()).hasSize(40);
    assertThat(rest.getRevisions(39).getRevision()).isEqualTo(4);
  }

  @Test
  void aKeyIsOneOfAFewOrAPathThatLeadsDown() {
    var session = create(alice, Type.TYPE_FULL);
    for (var key :
        List.of(
            "spec",
            "plan",
            "plan_readable",
            "state",
            "context/a.md",
            "debug/x/y z.log",
            "research/ü")) {
      assertThat(put(session, key, "{}").getKey()).isEqualTo(key);
    }
    for (var key :
        List.of(
            "other",
            "context",
            "context/",
            "context//a",
            "context/../spec",
            "context/./a",
            "/context/a",
            "../context/a",
            "context/a\\b",
            "context/a\u0001",
            "Context/a",
            "secrets/a")) {
      assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> put(session, key, "{}"))
          .field("key");
    }
    var listed =
        alice
            .artifacts()
            .listArtifacts(
                ListArtifactsRequest.newBuilder()
                    .setSessionId(session.getId())
                    .setPageSize(4)
                    .build());
    assertThat(listed.getArtifactsList())
        .extracting(Artifact::getKey)
        .containsExactly("context/a.md", "debug/x/y z.log", "plan", "plan_readable");
    assertThat(listed.getArtifactsList()).allMatch(each -> each.getContent().isEmpty());
    var rest =
        alice
            .artifacts()
            .listArtifacts(
                ListArtifactsRequest.newBuilder()
                    .setSessionId(session.getId())
                    .setPageToken(listed.getNextPageToken())
                    .build());
    assertThat(rest.getArtifactsList())
        .extracting(Artifact::getKey)
        .containsExactly("research/ü", "spec", "state");
    assertThat(
            alice
                .artifacts()
                .listArtifacts(
                    ListArtifactsRequest.newBuilder()
                        .setSessionId(session.getId())
                        .setPrefix("debug/")
                        .build())
                .getArtifactsList())
        .hasSize(1);
  }

  @Test
  void whatIsTooLargeIsForAFile() {
    var session = create(alice, Type.TYPE_FULL);
    var most = "x".repeat(256 * 1024);
    assertThat(put(session, "debug/a", most).getSizeBytes()).isEqualTo(256 * 1024);
    assertProblem(Code.RESOURCE_EXHAUSTED, "TOO_LARGE", () -> put(session, "debug/a", most + "x"))
        .containsEntry("limit_bytes", "262144");
    assertThatThrownBy(() -> put(session, "debug/a", most + "x")).hasMessageContaining("file_id");
    assertProblem(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> put(session, "debug/a", "a\0b"))
        .field("content");
    put(session, "spec", "");
    put(session, "plan", "{}");
    service.sql(
        """
        insert into agent_run.session_artifact select tenant_id, session_id, 'context/' || n, 1, 'text/plain', now(), now()
        from agent_run.session, generate_series(1, 997) n where session_id = '%s'"""
            .formatted(session.getId()));
    assertProblem(Code.RESOURCE_EXHAUSTED, "TOO_MANY", () -> put(session, "research/one more", ""))
        .containsEntry("limit", "1000");
    put(session, "CANCELLED");
    assertProblem(Code.FAILED_PRECONDITION, "SESSION_ENDED", () -> put(session, "spec", "late"));
  }

  @Test
  void checkpointsAreAddedCompletedAndTakenOut() {
    var session = create(alice, Type.TYPE_QUICK);
    assertThat(checkpoint(session, 0, "one").getNumber()).isEqualTo(1);
    assertThat(checkpoint(session, 7, "seven").getNumber()).isEqualTo(7);
    assertThat(checkpoint(session, 0, "eight").getNumber()).isEqualTo(8);
    assertProblem(Code.ALREADY_EXISTS, "ALREADY_EXISTS", () -> checkpoint(session, 7, "again"));
    var complete =
        CompleteCheckpointRequest.newBuilder().setSessionId(session.getId()).setNumber(7).build();
    var done = alice.checkpoints().completeCheckpoint(complete);
    assertThat(done.hasCompletedAt()).isTrue();
    assertThat(alice.checkpoints().completeCheckpoint(complete)).isEqualTo(done);
    assertProblem(
        Code.NOT_FOUND,
        "NOT_FOUND",
        () -> alice.checkpoints().completeCheckpoint(complete.toBuilder().setNumber(2).build()));
    alice
        .checkpoints()
        .deleteCheckpoint(
            DeleteCheckpointRequest.newBuilder()
                .setSessionId(session.getId())
                .setNumber(1)
                .build());
    var page =
        alice
            .checkpoints()
            .listCheckpoints(
                ListCheckpointsRequest.newBuilder()
                    .setSessionId(session.getId())
                    .setPageSize(1)
                    .build());
    assertThat(page.getCheckpointsList()).containsExactly(done);
    assertThat(page.getNextPageToken()).isNotEmpty();
  }

  private Checkpoint checkpoint(Session session, int number, String title) {
    return alice
        .checkpoints()
        .createCheckpoint(
            CreateCheckpointRequest.newBuilder()
                .setSessionId(session.getId())
                .setNumber(number)
                .setTitle(title)
                .build());
  }

  private SessionState state(Session session) {
    return alice
        .artifacts()
        .getSessionState(GetSessionStateRequest.newBuilder().setSessionId(session.getId()).build());
  }

  private SyncArtifactsResponse sync(Session session, SessionFile... files) {
    return alice
        .artifacts()
        .syncArtifacts(
            SyncArtifactsRequest.newBuilder()
                .setSessionId(session.getId())
                .addAllFiles(List.of(files))
                .build());
  }

  private static SessionFile file(String path, String content) {
    return SessionFile.newBuilder().setPath(path).setContent(content).build();
  }

  @Test
  void theStateThatIsReadIsTheStateThatWasWritten() throws InvalidProtocolBufferException {
    var session = create(alice, Type.TYPE_FULL);
    put(session, "ACTIVE");
    var json =
        """
        {"version": 2, "title": "Trip to the sea", "phase": "plan", "git_branch": "sea", "working_dir": "/w", "mood": "good",
         "checkpoints": [{"number": 1, "title": "tickets", "completed_at": "2026-02-13T10:00:00Z"}, {"number": 2, "title": "go"}]}""";
    var synced =
        sync(
            session,
            file("spec.md", "# sea"),
            file("state.json", json),
            file("context/a.txt", "a"));
    assertThat(synced.getRevisions()).isEqualTo(3);
    assertThat(synced.getSession().getPhase()).isEqualTo(Phase.PHASE_PLAN);
    assertThat(synced.getSession().getTitle()).isEqualTo("Trip to the sea");
    var state = state(session);
    assertThat(state.getVersion()).isEqualTo(2);
    assertThat(state.getPhase()).isEqualTo("plan");
    assertThat(state.getState()).isEqualTo("active");
    assertThat(state.getType()).isEqualTo("full");
    assertThat(state.getCheckpointsList())
        .extracting(Checkpoint::hasCompletedAt)
        .containsExactly(true, false);
    assertThat(state.getArtifactsList())
        .extracting(Artifact::getKey)
        .containsExactly("context/a.txt", "spec", "state");
    // Written back as it was read, it changes nothing of what it says.
    var again =
        sync(
            session,
            file("state.json", JsonFormat.printer().preservingProtoFieldNames().print(state)));
    assertThat(again.getRevisions()).isEqualTo(1);
    assertThat(known(state(session))).isEqualTo(known(state));
    assertThat(sync(session, file("spec.md", "# sea")).getRevisions()).isZero();
  }

  private static SessionState known(SessionState state) {
    return state.toBuilder().clearArtifacts().clearUpdatedAt().build();
  }

  @Test
  void filesAreTakenTogetherOrNotAtAll() {
    var session = create(alice, Type.TYPE_FULL);
    put(session, "ACTIVE");
    var before = everything(session);
    assertProblem(
        Code.FAILED_PRECONDITION,
        "INVALID_PHASE_TRANSITION",
        () ->
            sync(
                session,
                file("spec.md", "# sea"),
                file("state.json", "{\"version\": 2, \"title\": \"x\", \"phase\": \"build\"}")));
    for (var json :
        List.of(
            "no json",
            "{}",
            "{\"version\": 1}",
            "{\"version\": 2, \"phase\": \"lunch\"}",
            "{\"version\": 2, \"checkpoints\": [{\"number\": 0, \"title\": \"x\"}]}",
            "{\"version\": 2, \"checkpoints\": [{\"number\": 1, \"title\": \"\"}]}",
            "{\"version\": 2, \"checkpoints\": [{\"number\": 1, \"title\": \"x\"}, {\"number\": 1, \"title\": \"y\"}]}",
            "{\"version\": 2, \"title\": \"" + "x".repeat(256) + "\"}")) {
      assertProblem(
              Code.INVALID_ARGUMENT,
              "INVALID_ARGUMENT",
              () -> sync(session, file("spec.md", "# sea"), file("state.json", json)))
          .field("state.json");
    }
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> sync(session, file("spec.md", ""), file("secret.txt", "")))
        .field("files[1].path");
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () -> sync(session, file("spec.md", ""), file("spec.md", "")))
        .field("files[1].path");
    assertThat(everything(session)).isEqualTo(before);
    assertThat(state(session).getArtifactsList()).isEmpty();
  }

  @Test
  void aDirectoryOfTheServersOwnDiskIsReadForWhoMay() throws IOException {
    var session = create(owner, Type.TYPE_FULL);
    var directory = Files.createDirectories(service.directory().resolve("session"));
    Files.writeString(directory.resolve("spec.md"), "# sea");
    Files.writeString(directory.resolve("other.txt"), "not ours");
    Files.createDirectories(directory.resolve("context/deep"));
    Files.writeString(directory.resolve("context/deep/a.md"), "a");
    Files.createSymbolicLink(directory.resolve("context/link"), java.nio.file.Path.of("/etc"));
    Files.createSymbolicLink(
        directory.resolve("plan.json"), java.nio.file.Path.of("/etc/hostname"));
    var request =
        SyncArtifactsRequest.newBuilder()
            .setSessionId(session.getId())
            .setDirectory(directory.toString())
            .build();
    assertProblem(
        Code.PERMISSION_DENIED,
        "PERMISSION_DENIED",
        () -> alice.artifacts().syncArtifacts(request));
    assertProblem(
        Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> owner.artifacts().syncArtifacts(request));
    Files.delete(directory.resolve("plan.json"));
    var synced = owner.artifacts().syncArtifacts(request);
    assertThat(synced.getArtifactsList())
        .extracting(Artifact::getKey)
        .containsExactly("context/deep/a.md", "spec");
    Files.writeString(directory.resolve("spec.md"), "# changed");
    assertThat(owner.artifacts().syncArtifacts(request).getRevisions()).isEqualTo(1);
  }
}
