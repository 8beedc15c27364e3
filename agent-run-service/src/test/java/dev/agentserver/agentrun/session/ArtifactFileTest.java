package dev.agentserver.agentrun.session;

import static dev.agentserver.kit.test.Problems.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentserver.agentrun.v1.Artifact;
import dev.agentserver.agentrun.v1.CheckFileAccessRequest;
import dev.agentserver.agentrun.v1.DeleteSessionRequest;
import dev.agentserver.agentrun.v1.FileAccessServiceGrpc;
import dev.agentserver.agentrun.v1.GetArtifactRequest;
import dev.agentserver.agentrun.v1.PutArtifactRequest;
import dev.agentserver.agentrun.v1.Session;
import dev.agentserver.agentrun.v1.Session.Type;
import dev.agentserver.kit.identity.RunScope;
import io.grpc.Status.Code;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Artifacts that are too large to be held here: files of file-service.
class ArtifactFileTest extends Scenes {
  private static final String HASH = "ab".repeat(32);

  @Test
  void aFileIsTheArtifactAndWhatIsSaidOfItIsWhatItsServiceKnows() {
    var session = create(alice, Type.TYPE_FULL);
    var file = service.files().uploaded(300_000, HASH);
    var put = put(session, "debug/dump", file);
    assertThat(put.getFileId()).isEqualTo(file);
    assertThat(put.getSizeBytes()).isEqualTo(300_000);
    assertThat(put.getSha256()).isEqualTo(HASH);
    assertThat(put.getMediaType()).isEqualTo("application/zip");
    var got =
        alice
            .artifacts()
            .getArtifact(
                GetArtifactRequest.newBuilder()
                    .setSessionId(session.getId())
                    .setKey("debug/dump")
                    .build());
    assertThat(got).isEqualTo(put);
    assertThat(got.getContent()).isEmpty();
    assertThat(facts(session)).containsExactly("artifact.put " + file);
    assertThat(put(session, "debug/dump", service.files().uploaded(300_000, HASH)))
        .as("the same bytes")
        .isEqualTo(put);
    assertThat(facts(session)).hasSize(1);
  }

  @Test
  void aFileGoesWithItsLastRevisionAndWithTheSession() {
    var session = create(alice, Type.TYPE_FULL);
    var file = service.files().uploaded(300_000, HASH);
    put(session, "debug/a", file);
    put(session, "debug/b", file);
    for (var i = 0; i < 100; i++) {
      put(session, "debug/a", text("a" + i));
    }
    assertThat(facts(session)).containsExactly("artifact.put " + file, "artifact.put " + file);
    for (var i = 0; i < 100; i++) {
      put(session, "debug/b", text("b" + i));
    }
    assertThat(facts(session).getLast()).isEqualTo("artifact.dropped " + file);
    alice
        .sessions()
        .deleteSession(DeleteSessionRequest.newBuilder().setSessionId(session.getId()).build());
    assertThat(facts(session)).hasSize(4);
    assertThat(facts(session).getLast()).startsWith("session.deleted");
  }

  @Test
  void aFileThatCannotBeReadIsRefusedByItsField() {
    var session = create(alice, Type.TYPE_FULL);
    assertProblem(
            Code.INVALID_ARGUMENT,
            "UNKNOWN_FILE",
            () -> put(session, "spec", UUID.randomUUID().toString()))
        .field("file_id");
    assertProblem(
        Code.FAILED_PRECONDITION,
        "FILE_NOT_READY",
        () -> put(session, "spec", service.files().in("PENDING", 0, "")));
    assertProblem(
            Code.RESOURCE_EXHAUSTED,
            "TOO_LARGE",
            () -> put(session, "spec", service.files().uploaded(1L << 31, HASH)))
        .containsEntry("limit_bytes", "2147483647");
    assertProblem(
            Code.INVALID_ARGUMENT,
            "INVALID_ARGUMENT",
            () ->
                put(
                    session,
                    text("both").setKey("spec").setFileId(service.files().uploaded(1, HASH))))
        .field("content");
    service.files().away(true);
    try {
      put(session, "spec", text("held here"));
      assertProblem(
              Code.UNAVAILABLE,
              "UNAVAILABLE",
              () -> put(session, "spec", UUID.randomUUID().toString()))
          .containsEntry("dependency", "file-service");
    } finally {
      service.files().away(false);
    }
  }

  @Test
  void whoeverMayReadTheSessionMayReadWhatItUses() {
    var session = create(alice, Type.TYPE_FULL).getId();
    var other = create(alice, Type.TYPE_FULL).getId();
    assertThat(mayRead(alice, session)).isTrue();
    assertThat(mayRead(bob, session)).isFalse();
    assertThat(mayRead(owner, session)).isTrue();
    assertThat(mayRead(somebody(UUID.randomUUID(), "TENANT_OWNER"), session)).isFalse();
    var caller = alice.caller();
    var run =
        by(
            caller.within(
                new RunScope(UUID.randomUUID(), null, UUID.fromString(session), 1),
                caller.permissions()));
    assertThat(mayRead(run, session)).isTrue();
    assertThat(mayRead(run, other)).isFalse();
  }

  private static boolean mayRead(Somebody who, String session) {
    return FileAccessServiceGrpc.newBlockingStub(who.channel())
        .checkFileAccess(
            CheckFileAccessRequest.newBuilder()
                .addSessionIds(UUID.randomUUID().toString())
                .addSessionIds(session)
                .build())
        .getReadable();
  }

  private List<String> facts(Session session) {
    return service.column(
        "select type || ' ' || coalesce(data ->> 'file_id', '') from agent_run.outbox_fact where subject_id = '%s' and (type like 'artifact.%%' or type = 'session.deleted') order by created_at"
            .formatted(session.getId()));
  }

  private Artifact put(Session session, String key, String file) {
    return put(session, PutArtifactRequest.newBuilder().setKey(key).setFileId(file));
  }

  private Artifact put(Session session, String key, PutArtifactRequest.Builder what) {
    return put(session, what.setKey(key));
  }

  private Artifact put(Session session, PutArtifactRequest.Builder what) {
    return alice.artifacts().putArtifact(what.setSessionId(session.getId()).build());
  }

  private static PutArtifactRequest.Builder text(String content) {
    return PutArtifactRequest.newBuilder().setContent(content);
  }
}
