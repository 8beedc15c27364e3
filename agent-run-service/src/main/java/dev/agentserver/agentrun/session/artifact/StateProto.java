package dev.agentserver.agentrun.session.artifact;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.cleanOrNull;
import static dev.agentserver.agentrun.text.ProtoText.instant;
import static dev.agentserver.agentrun.text.ProtoText.orEmpty;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.agentserver.agentrun.session.Phase;
import dev.agentserver.agentrun.session.SessionProto;
import dev.agentserver.agentrun.session.artifact.StateFiles.State;
import dev.agentserver.agentrun.session.checkpoint.Checkpoint;
import dev.agentserver.agentrun.session.checkpoint.CheckpointProto;
import dev.agentserver.agentrun.session.checkpoint.Checkpoints;
import dev.agentserver.agentrun.v1.SessionState;
import dev.agentserver.kit.problem.Problem;
import dev.agentserver.kit.problem.ProblemException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// state.json, which is the JSON of SessionState, between the contract and the domain.
public final class StateProto {
  private static final int VERSION = 2;
  private static final int SHORT = 255;
  private static final int LONG = 4096;
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

  private StateProto() {}

  static SessionState toProto(State state) {
    var session = state.session();
    var attributes = session.attributes();
    var proto =
        SessionState.newBuilder()
            .setVersion(VERSION)
            .setSessionId(session.id().toString())
            .setSlug(attributes.slug())
            .setTitle(attributes.title())
            .setType(word(session.type()))
            .setState(word(session.state()))
            .setPhase(session.phase() == null ? "" : word(session.phase()))
            .setWorkingDir(orEmpty(attributes.workingDir()))
            .setGitBranch(orEmpty(attributes.gitBranch()))
            .addAllCheckpoints(state.checkpoints().stream().map(CheckpointProto::toProto).toList())
            .addAllArtifacts(state.artifacts().stream().map(ArtifactProto::toProto).toList())
            .setTotals(SessionProto.toProto(session.totals()))
            .setCreatedAt(timestamp(session.times().createdAt()))
            .setUpdatedAt(timestamp(session.times().lastActivityAt()));
    if (session.failure() != null) {
      proto.setError(SessionProto.toProto(session.failure()));
    }
    return proto.build();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /// Reads a file that an agent has written.
  public static StateFile read(String json, Instant now) {
    var proto = SessionState.newBuilder();
    try {
      PARSER.merge(json, proto);
    } catch (InvalidProtocolBufferException unreadable) {
      throw wrong("cannot be read: " + unreadable.getMessage());
    }
    if (proto.getVersion() != VERSION) {
      throw wrong("must have \"version\": " + VERSION);
    }
    needShort("title", proto.getTitle(), SHORT);
    needShort("git_branch", proto.getGitBranch(), SHORT);
    needShort("working_dir", proto.getWorkingDir(), LONG);
    return new StateFile(
        cleanOrNull(proto.getTitle()),
        cleanOrNull(proto.getWorkingDir()),
        cleanOrNull(proto.getGitBranch()),
        phase(proto.getPhase()),
        checkpoints(proto.getCheckpointsList(), now));
  }

  private static @Nullable Phase phase(String word) {
    if (word.isEmpty()) {
      return null;
    }
    return Arrays.stream(Phase.values())
        .filter(phase -> word(phase).equals(word))
        .findAny()
        .orElseThrow(() -> wrong("has a phase that is none: " + word));
  }

  private static List<Checkpoint> checkpoints(
      List<dev.agentserver.agentrun.v1.Checkpoint> protos, Instant now) {
    var numbers = new HashSet<Integer>();
    for (var proto : protos) {
      if (proto.getNumber() < 1
          || proto.getNumber() > Checkpoints.MOST
          || !numbers.add(proto.getNumber())) {
        throw wrong("must number its checkpoints from 1 to " + Checkpoints.MOST + ", each once");
      }
      if (proto.getTitle().isEmpty()) {
        throw wrong("has a checkpoint without a title");
      }
      needShort("checkpoints.title", proto.getTitle(), SHORT);
      needShort("checkpoints.description", proto.getDescription(), LONG);
    }
    return protos.stream().map(proto -> checkpoint(proto, now)).toList();
  }

  private static Checkpoint checkpoint(dev.agentserver.agentrun.v1.Checkpoint proto, Instant now) {
    return new Checkpoint(
        proto.getNumber(),
        clean(proto.getTitle()),
        clean(proto.getDescription()),
        proto.hasCreatedAt() ? instant("created_at", proto.getCreatedAt()) : now,
        proto.hasCompletedAt() ? instant("completed_at", proto.getCompletedAt()) : null);
  }

  private static void needShort(String field, String text, int most) {
    if (text.codePointCount(0, text.length()) > most) {
      throw wrong("must have a " + field + " of at most " + most + " characters");
    }
  }

  private static ProblemException wrong(String what) {
    return Problem.invalid("state.json", what);
  }
}
