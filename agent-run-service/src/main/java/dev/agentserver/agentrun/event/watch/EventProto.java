package dev.agentserver.agentrun.event.watch;

import static dev.agentserver.agentrun.text.ProtoText.clean;
import static dev.agentserver.agentrun.text.ProtoText.cleanOrNull;
import static dev.agentserver.agentrun.text.ProtoText.json;
import static dev.agentserver.agentrun.text.ProtoText.merge;
import static dev.agentserver.agentrun.text.ProtoText.orEmpty;
import static dev.agentserver.agentrun.text.ProtoText.timestamp;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.agentserver.agentrun.event.Category;
import dev.agentserver.agentrun.event.EventRow;
import dev.agentserver.agentrun.event.Level;
import dev.agentserver.agentrun.v1.FollowedRun;
import dev.agentserver.agentrun.v1.FollowedSession;
import dev.agentserver.agentrun.v1.NewRunEvent;
import dev.agentserver.agentrun.v1.Phase;
import dev.agentserver.agentrun.v1.Run;
import dev.agentserver.agentrun.v1.RunEvent;
import dev.agentserver.agentrun.v1.RunEventEnd;
import dev.agentserver.agentrun.v1.RunEventHeartbeat;
import dev.agentserver.agentrun.v1.RunEventSnapshot;
import dev.agentserver.agentrun.v1.Session;
import java.util.UUID;

/// Events and frames as the contract has them.
final class EventProto {
  private EventProto() {}

  static EventRow row(String field, NewRunEvent event) {
    return new EventRow(
        UUID.fromString(event.getId()),
        Category.valueOf(suffix(event.getCategory().name(), "CATEGORY_")),
        clean(event.getKind()),
        level(event.getLevel()),
        clean(event.getContent()),
        event.hasPayload() ? json(field + ".payload", event.getPayload()) : null,
        cleanOrNull(event.getStepKey()),
        cleanOrNull(event.getToolName()),
        event.hasToolInput() ? json(field + ".tool_input", event.getToolInput()) : null,
        event.hasToolOutput() ? json(field + ".tool_output", event.getToolOutput()) : null,
        event.hasDurationMs() ? event.getDurationMs() : null);
  }

  private static Level level(RunEvent.Level level) {
    return level == RunEvent.Level.LEVEL_UNSPECIFIED
        ? Level.INFO
        : Level.valueOf(suffix(level.name(), "LEVEL_"));
  }

  private static String suffix(String name, String prefix) {
    return name.substring(prefix.length());
  }

  static RunEvent toProto(Frame frame) {
    return switch (frame) {
      case Frame.Happened(var event) -> toProto(event);
      case Frame.Snapshot snapshot ->
          RunEvent.newBuilder().setSeq(snapshot.seq()).setSnapshot(toProto(snapshot)).build();
      case Frame.Heartbeat(var seq) ->
          RunEvent.newBuilder()
              .setSeq(seq)
              .setHeartbeat(RunEventHeartbeat.getDefaultInstance())
              .build();
      case Frame.End(var seq, var reason) ->
          RunEvent.newBuilder()
              .setSeq(seq)
              .setEnd(
                  RunEventEnd.newBuilder()
                      .setReason(RunEventEnd.Reason.valueOf("REASON_" + reason.name())))
              .build();
    };
  }

  private static RunEvent toProto(dev.agentserver.agentrun.event.RunEvent event) {
    var row = event.row();
    var proto =
        RunEvent.newBuilder()
            .setSeq(event.seq())
            .setRunId(orEmpty(event.runId()))
            .setCategory(RunEvent.Category.valueOf("CATEGORY_" + row.category().name()))
            .setKind(row.kind())
            .setContent(row.content())
            .setLevel(RunEvent.Level.valueOf("LEVEL_" + row.level().name()))
            .setCreatedAt(timestamp(event.at()))
            .setId(row.id().toString())
            .setStepKey(orEmpty(row.stepKey()))
            .setToolName(orEmpty(row.toolName()));
    if (row.payload() != null) {
      proto.setPayload(merge(row.payload(), Struct.newBuilder()));
    }
    if (row.toolInput() != null) {
      proto.setToolInput(merge(row.toolInput(), Value.newBuilder()));
    }
    if (row.toolOutput() != null) {
      proto.setToolOutput(merge(row.toolOutput(), Value.newBuilder()));
    }
    if (row.durationMs() != null) {
      proto.setDurationMs(row.durationMs());
    }
    return proto.build();
  }

  private static RunEventSnapshot toProto(Frame.Snapshot snapshot) {
    var proto = RunEventSnapshot.newBuilder();
    var session = snapshot.session();
    if (session != null) {
      var phase = session.phase();
      proto.setSession(
          FollowedSession.newBuilder()
              .setSessionId(session.sessionId().toString())
              .setState(Session.State.valueOf("STATE_" + session.state()))
              .setPhase(phase == null ? Phase.PHASE_UNSPECIFIED : Phase.valueOf("PHASE_" + phase)));
    }
    for (var run : snapshot.runs()) {
      proto.addRuns(
          FollowedRun.newBuilder()
              .setRunId(run.runId().toString())
              .setState(Run.State.valueOf("STATE_" + run.state())));
    }
    return proto.build();
  }
}
